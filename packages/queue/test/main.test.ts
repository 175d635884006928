/** The queue as a process: what `tidepool up` relies on. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSqsQueue } from '../src/sqs-queue.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const log = pino({ level: 'silent' });
const running = new Set<ChildProcess>();
let port: number;

beforeEach(async () => {
  const probe = await occupy(0);
  port = portOf(probe);
  probe.close();
});
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

async function occupy(wanted: number): Promise<Server> {
  const server = createServer().listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function launch(env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, TIDEPOOL_QUEUE_PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.add(child);
  return child;
}

async function started(): Promise<ChildProcess> {
  const child = launch();
  child.stdout?.resume();
  const [message] = await once(child, 'message');
  expect(message).toEqual({ type: 'ready' });
  return child;
}

test('a ready queue listens on 127.0.0.1 and nowhere else', async () => {
  const child = await started();
  const listening = execFileSync('ss', ['-Hlntup'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`pid=${child.pid},`))
    .map((line) => line.split(/\s+/)[4]);
  expect(listening).toEqual([`127.0.0.1:${port}`]);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with 0, a waiting receive too', async (signal) => {
  const child = await started();
  const queue = createSqsQueue({ endpoint: `http://127.0.0.1:${port}`, log });
  const received = queue.receive({ max: 1, signal: new AbortController().signal });
  const failed = expect(received).rejects.toMatchObject({ code: 'queue_unavailable', passing: true });
  await pause(200);
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([0, null]);
  await failed;
  queue.close();
});

test('it ends when its supervisor is gone', async () => {
  const child = await started();
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('killed with -9 while a receive waits and started again, messages flow without a new ensure', async () => {
  const first = await started();
  const queue = createSqsQueue({ endpoint: `http://127.0.0.1:${port}`, log });
  const { signal } = new AbortController();
  await queue.ensure();
  const waiting = queue.receive({ max: 1, signal });
  const failed = expect(waiting).rejects.toMatchObject({ code: 'queue_unavailable', passing: true });
  await pause(200);
  first.kill('SIGKILL');
  await failed;
  expect(await queue.check()).toMatchObject({ status: 'warning' });
  await started();
  const received = queue.receive({ max: 1, signal });
  await queue.send('after the restart');
  expect((await received)[0]?.body).toBe('after the restart');
  queue.close();
});

test('a message received before a restart can still be settled after it', async () => {
  const first = await started();
  const queue = createSqsQueue({ endpoint: `http://127.0.0.1:${port}`, log });
  await queue.send('held');
  const [message] = await queue.receive({ max: 1, signal: new AbortController().signal });
  first.kill('SIGKILL');
  await once(first, 'exit');
  await expect(message?.extend(30)).rejects.toMatchObject({ code: 'queue_unavailable', passing: true });
  await started();
  await message?.extend(30);
  await message?.delete();
  expect(message?.body).toBe('held');
  queue.close();
});

test.each([
  ['a taken port', {}, /Port \d+ on 127\.0\.0\.1 cannot be used.*TIDEPOOL_QUEUE_PORT/],
  ['a bad variable', { TIDEPOOL_LOG_LEVEL: 'loud' }, /TIDEPOOL_LOG_LEVEL must be one of/],
])('%s ends it at once with one clear line', async (_, env, line) => {
  const taken = await occupy(port);
  const child = launch(env);
  const output = child.stdout ? text(child.stdout) : '';
  expect(await once(child, 'exit')).toEqual([1, null]);
  const lines = (await output).trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ level: 60, msg: expect.stringMatching(line) });
  taken.close();
});
