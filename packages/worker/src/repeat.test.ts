import { pino } from 'pino';
import { expect, test } from 'vitest';
import { repeat } from './repeat.ts';

const hour = 3_600_000;

function logOf() {
  const lines: string[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => lines.push(line) });
  return { log, lines: () => lines.map((line) => JSON.parse(line).msg) };
}

test('it runs at once, then when woken, never twice at a time', async () => {
  const stop = new AbortController();
  const { log } = logOf();
  let [runs, atOnce, most] = [0, 0, 0];
  const repetition = repeat({
    name: 'count',
    everyMs: hour,
    signal: stop.signal,
    log,
    async run() {
      most = Math.max(most, ++atOnce);
      await new Promise(setImmediate);
      atOnce -= 1;
      runs += 1;
      // Woken while it runs: once more afterwards, however often.
      if (runs === 1) for (let times = 0; times < 3; times++) repetition.wake();
      if (runs === 2) stop.abort();
    },
  });
  await repetition.first;
  await repetition.ended;
  expect({ runs, most }).toEqual({ runs: 2, most: 1 });
});

test('it runs again after its interval', async () => {
  const stop = new AbortController();
  let runs = 0;
  const run = () => void (++runs === 3 && stop.abort());
  await repeat({ name: 'count', everyMs: 1, signal: stop.signal, log: logOf().log, run }).ended;
  expect(runs).toBe(3);
});

test('a failure does not end it, and is said once until it changes', async () => {
  const stop = new AbortController();
  const { log, lines } = logOf();
  const failures = ['down', 'down', 'locked', null, 'down'];
  await repeat({
    name: 'count',
    everyMs: hour,
    afterFailureMs: 1,
    signal: stop.signal,
    log,
    run() {
      const failure = failures.shift();
      if (failure) throw new Error(failure);
      stop.abort();
    },
  }).ended;
  expect(lines()).toEqual(['task failed', 'task failed', 'task works again']);
});

test('aborted before its first run is over, it ends, and the first is over', async () => {
  const stop = new AbortController();
  const { log, lines } = logOf();
  const repetition = repeat({
    name: 'wait',
    everyMs: hour,
    signal: stop.signal,
    log,
    run: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  });
  stop.abort();
  await repetition.first;
  await repetition.ended;
  expect(lines()).toEqual([]);
});
