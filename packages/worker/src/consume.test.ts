import { createFakeQueue } from '@tidepool/queue';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { consume, jobIdOf } from './consume.ts';
import { createCrew } from './crew.ts';

const jobId = '01a1fcdf-44f7-7659-b53d-8c6b8fb73286';
const log = pino({ level: 'silent' });

test.each(['', '{', '[]', 'null', '"x"', '{}', '{"jobId":1}', '{"jobId":"x"}', `{"jobId":"${jobId}","more":1}`])(
  'a body such as %s is no job',
  (body) => {
    expect(jobIdOf(body)).toBeNull();
  },
);

test('a message is taken with its job, what is no job is left where it is', async () => {
  const queue = createFakeQueue({ waitSeconds: 0.01 });
  const stop = new AbortController();
  const attended: string[] = [];
  const crew = createCrew({
    size: 4,
    async attend(job, message) {
      attended.push(job);
      await message?.delete();
      stop.abort();
    },
  });
  await queue.send('no job');
  await queue.send(JSON.stringify({ jobId }));
  await consume({ queue, log }, { crew, refused: () => undefined, signal: stop.signal });
  expect(attended).toEqual([jobId]);
});

test('no more is received than there is room for', async () => {
  const queue = createFakeQueue({ waitSeconds: 0.01 });
  const stop = new AbortController();
  const asked: number[] = [];
  const crew = createCrew({
    size: 2,
    attend: () => new Promise((resolve) => stop.signal.addEventListener('abort', () => resolve())),
  });
  crew.offer('at work already');
  const watched = {
    ...queue,
    receive(options: Parameters<typeof queue.receive>[0]) {
      asked.push(options.max);
      if (asked.length === 1) return queue.receive(options);
      stop.abort();
      return Promise.resolve([]);
    },
  };
  await consume({ queue: watched, log }, { crew, refused: () => undefined, signal: stop.signal });
  expect(asked).toEqual([1, 1]);
});

test('a queue that does not answer is told of once, and what it would have brought is looked for each time', async () => {
  const queue = createFakeQueue({ waitSeconds: 0.01 });
  const stop = new AbortController();
  const lines: string[] = [];
  let refusals = 0;
  queue.setDown(true);
  await consume(
    {
      queue: { ...queue, receive: () => Promise.reject(new Error('down')) },
      log: pino({ base: null }, { write: (line: string) => lines.push(line) }),
    },
    {
      crew: createCrew({ size: 1, attend: async () => undefined }),
      refused: () => void (++refusals === 3 && stop.abort()),
      signal: stop.signal,
    },
  );
  expect(refusals).toBe(3);
  expect(lines.length).toBe(1);
});
