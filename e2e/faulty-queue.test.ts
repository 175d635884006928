/** A worker whose queue answers with what is no answer: jobs go on, it says so once, and once that the queue is right again. */
import type { Action } from '@tidepool/core';
import { createSqsQueue, type Queue } from '@tidepool/queue';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FaultyProxy, faults, hollow, messages, startFaultyProxy } from '../packages/queue/test/faulty-proxy.ts';
import { type FakeHome, openFakeHome } from '../packages/worker/test/fake-home.ts';
import { expectTarget } from '../packages/worker/test/kill-drivers.ts';
import { until, type WorkerProcess } from '../packages/worker/test/worker-home.ts';

let proxy: FaultyProxy;
let home: FakeHome;
let sender: Queue;
let worker: WorkerProcess;
let count = 0;

beforeAll(async () => {
  let upstream = '';
  proxy = await startFaultyProxy(() => upstream);
  home = await openFakeHome({ TIDEPOOL_QUEUE_URL: proxy.endpoint, TIDEPOOL_LOG_LEVEL: 'info' });
  upstream = home.queueEndpoint;
  sender = createSqsQueue({ endpoint: proxy.endpoint, log: pino({ level: 'silent' }) });
  worker = await home.startWorker();
});
afterAll(async () => {
  await home.close();
  sender.close();
  proxy.close();
});

const lines = (from: number, msg: string) =>
  worker
    .output()
    .slice(from)
    .split('\n')
    .filter((line) => line.includes(`"msg":"${msg}`));

/** Accepted, and sent as the server does: noted only where the queue took it. */
async function done(kind: Action, name: string): Promise<void> {
  const asUser = { actor: 'user' } as const;
  const input = { name, image: 'workspace@fake', cpus: 1, memoryMiB: 512, diskGiB: 20 };
  const { job } = kind === 'create' ? home.store.create(input, asUser) : home.store.act(name, kind, asUser);
  const sent = sender.send(JSON.stringify({ jobId: job.id })).then(() => home.store.sent(job.id));
  await sent.catch(() => undefined);
  await expectTarget(home, job);
}

test.each([
  ['a page', faults['a page']],
  ['half of an answer', faults['half of an answer, its length announced']],
  ['nothing', hollow.nothing],
  ['messages that cannot be read', messages([null, 1, {}, { Body: 'x' }])],
])('%s', async (_, fault) => {
  const name = `web-${count++}`;
  const from = worker.output().length;
  proxy.spoil('all', fault);
  await done('create', name);
  await done('stop', name);
  proxy.mend();
  await done('delete', name);
  await until('it has said that all is well', () => {
    return lines(from, 'queue does not answer').length === lines(from, 'queue answers again').length;
  });
  expect(lines(from, 'queue does not answer').length).toBeLessThanOrEqual(1);
  expect(lines(from, 'the queue gave messages that cannot be read').length).toBeLessThanOrEqual(1);
  expect(lines(from, '').filter((line) => /"level":[56]0/.test(line))).toEqual([]);
  for (const line of worker.output().slice(from).split('\n')) expect(line.length).toBeLessThan(8_000);
});
