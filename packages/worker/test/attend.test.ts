/** What becomes of a message: with a job that may run, one that may not, one that ends in each way. In one process. */
import { rm, stat, writeFile } from 'node:fs/promises';
import { TidepoolError } from '@tidepool/core';
import type { QueueMessage } from '@tidepool/queue';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAttend } from '../src/attend.ts';
import type { Parts } from '../src/parts.ts';
import { WorkerStopping } from '../src/verdict.ts';
import { effectsOf } from './fake-home.ts';
import { type JobBench, later, openJobBench } from './job-bench.ts';
import { type IdeStub, startIdeStub, until } from './worker-home.ts';

let stub: IdeStub;
let bench: JobBench;
beforeEach(async () => {
  stub = await startIdeStub();
  bench = await openJobBench(stub);
});
afterEach(async () => {
  await bench.close();
  await stub.close();
  vi.useRealTimers();
});

function attending(changes: Partial<Parts> = {}) {
  const stopping = new AbortController();
  const nudged: string[] = [];
  const deleted = vi.fn();
  const attend = createAttend(
    { ...bench.parts, ...changes },
    {
      nudge: (jobId) => nudged.push(jobId),
      nudgeLater: (jobId, ms) => nudged.push(`${jobId} in ${ms}`),
      deleted,
      stopping: stopping.signal,
    },
  );
  return { attend, nudged, deleted, stopping };
}

function messageOf() {
  const done: string[] = [];
  const message: QueueMessage = {
    body: '',
    receiveCount: 1,
    delete: async () => void done.push('deleted'),
    extend: async (seconds) => void done.push(`hidden for ${seconds}`),
  };
  return { message, done };
}

test('the end of a step is recorded with the beginning of the next, or not at all', async () => {
  const { store } = bench.parts;
  const stepStarted: typeof store.stepStarted = (jobId, fence, step) => {
    if (step === 'ensureRunning') throw new TidepoolError('busy', { passing: true });
    store.stepStarted(jobId, fence, step);
  };
  const { attend, nudged } = attending({ store: { ...store, stepStarted } });
  const { id } = bench.request('create', 'web-app');
  await attend(id, messageOf().message);
  expect(nudged).toEqual([expect.stringContaining(id)]);
  expect(store.job(id)).toMatchObject({ status: 'queued', steps: [{ name: 'ensureInstance', status: 'running' }] });
});

test('the end of the last step is recorded with the success, or not at all', async () => {
  const { store } = bench.parts;
  const settle: typeof store.settle = (jobId, fence, settlement) => {
    if (settlement.outcome === 'succeeded') throw new TidepoolError('disk_full');
    return store.settle(jobId, fence, settlement);
  };
  const { id } = bench.request('create', 'web-app');
  await attending({ store: { ...store, settle } }).attend(id, messageOf().message);
  expect(store.job(id)?.steps.at(-1)).toMatchObject({ name: 'ensureRoutes', status: 'running' });
  later(6000);
  await attending().attend(id, messageOf().message);
  expect(store.job(id)?.steps.map(({ status }) => status)).toEqual(Array(5).fill('succeeded'));
});

test('a job that ends takes its message with it', async () => {
  const { attend, nudged } = attending();
  const { message, done } = messageOf();
  await attend(bench.request('create', 'web-app').id, message);
  expect(bench.workspace('web-app').status).toBe('running');
  expect(done).toEqual(['deleted']);
  expect(nudged).toEqual([]);
});

test('the message goes once the end of its job is on the disk, also where the disk fails', async () => {
  const flush = vi.fn<() => Promise<void>>(() => Promise.reject(new Error('EIO')));
  const { attend } = attending({ store: { ...bench.parts.store, flush } });
  const { message, done } = messageOf();
  let before: unknown;
  flush.mockImplementationOnce(async () => {
    before = { status: bench.workspace('web-app').status, done: [...done] };
  });
  await attend(bench.request('create', 'web-app').id, message);
  expect(before).toEqual({ status: 'running', done: [] });
  expect(done).toEqual(['deleted']);
  await attend(bench.request('stop', 'web-app').id, message);
  expect(done).toEqual(['deleted', 'deleted']);
  expect(flush).toHaveBeenCalledTimes(2);
});

test('a disk that is gone is told, so that its space is looked for', async () => {
  const { attend, deleted } = attending();
  await attend(bench.request('create', 'web-app').id, undefined);
  expect(deleted).not.toHaveBeenCalled();
  await attend(bench.request('delete', 'web-app').id, undefined);
  expect(deleted).toHaveBeenCalledOnce();
});

test('a message of a job that ended, that another runs, that is waiting or unknown is deleted at once', async () => {
  stub.setReady(false);
  const { attend, nudged } = attending();
  const create = bench.request('create', 'web-app');
  const running = attend(create.id, undefined);
  const deletion = bench.request('delete', 'web-app');
  for (const jobId of [create.id, deletion.id, crypto.randomUUID()]) {
    const { message, done } = messageOf();
    await attend(jobId, message);
    expect(done).toEqual(['deleted']);
  }
  await running;
  expect(nudged).toEqual([deletion.id]);
  const { message, done } = messageOf();
  await attend(create.id, message);
  expect(done).toEqual(['deleted']);
});

test('a job to be tried again loses its message and is nudged when it is due', async () => {
  const start = () => Promise.reject(new TidepoolError('runtime_unavailable', { passing: true }));
  const { attend, nudged } = attending({ runtime: { ...bench.parts.runtime, start } });
  const { message, done } = messageOf();
  const job = bench.request('create', 'web-app');
  await attend(job.id, message);
  expect(done).toEqual(['deleted']);
  expect(nudged).toEqual([`${job.id} in 1000`]);
});

test('the start that waited for a place is nudged by the one that ends', async () => {
  stub.setReady(false);
  const { attend, nudged } = attending();
  const jobs = ['one', 'two', 'three', 'four'].map((name) => bench.request('create', name));
  const running = jobs.slice(0, 3).map(({ id }) => attend(id, undefined));
  const { message, done } = messageOf();
  await attend(jobs[3]?.id ?? '', message);
  expect(done).toEqual(['deleted']);
  stub.setReady(true);
  await Promise.all(running);
  expect(nudged).toContain(jobs[3]?.id);
});

test('a job given back at the end of the worker shows its message to the next one at once', async () => {
  stub.setReady(false);
  const { attend, stopping } = attending();
  const { message, done } = messageOf();
  const job = bench.request('create', 'web-app');
  const running = attend(job.id, message);
  await until('the editor is awaited', () => bench.parts.store.job(job.id)?.steps.at(-1)?.name === 'ensureIde');
  stopping.abort(new WorkerStopping());
  await running;
  expect(done).toEqual(['hidden for 0']);
  expect(bench.parts.store.job(job.id)).toMatchObject({ status: 'queued', failures: 0 });
});

test('a queue that does not answer costs a job nothing', async () => {
  const message: QueueMessage = {
    ...messageOf().message,
    delete: () => Promise.reject(new TidepoolError('queue_unavailable')),
  };
  await attending().attend(bench.request('create', 'web-app').id, message);
  expect(bench.workspace('web-app').status).toBe('running');
});

test('a database that is busy at the claim keeps the message, and the job is nudged again', async () => {
  const { store } = bench.parts;
  const claim = () => {
    throw new TidepoolError('busy', { passing: true });
  };
  const { attend, nudged } = attending({ store: { ...store, claim } });
  const { message, done } = messageOf();
  await attend('job-1', message);
  expect(done).toEqual([]);
  expect(nudged).toEqual(['job-1 in 1000']);
});

test('a job whose settlement is refused for good is left to its lease, and nothing is thrown', async () => {
  const { store } = bench.parts;
  const settle = vi.fn(() => {
    throw new TidepoolError('disk_full');
  });
  const job = bench.request('create', 'web-app');
  await attending({ store: { ...store, settle } }).attend(job.id, undefined);
  expect(settle).toHaveBeenCalled();
  expect(store.job(job.id)?.status).toBe('running');
  expect(bench.effects(job.workspaceId)).toEqual(effectsOf.create);
});

test.each(['disk_full', 'busy'] as const)(
  'a job that is done but meets %s at its settlement undoes nothing, and is settled at its next attempt',
  async (code) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { store, routes } = bench.parts;
    const settle: typeof store.settle = (jobId, fence, settlement) => {
      if (settlement.outcome === 'succeeded') throw new TidepoolError(code, { passing: code === 'busy' });
      return store.settle(jobId, fence, settlement);
    };
    const { attend, nudged } = attending({ store: { ...store, settle } });
    const job = bench.request('create', 'web-app');
    // More often than a step may fail.
    for (let attempt = 1; attempt <= 4; attempt++) {
      await attend(job.id, undefined);
      expect(store.job(job.id)).toMatchObject({ status: 'queued', failures: attempt });
      later(5000);
    }
    expect(nudged.at(-1)).toBe(`${job.id} in 5000`);
    expect(routes.find('web-app', 'ide')).not.toBeNull();
    await attending().attend(job.id, undefined);
    expect(bench.workspace('web-app')).toMatchObject({ status: 'running', error: null });
    expect(bench.effects(job.workspaceId)).toEqual(effectsOf.create);
  },
);

test('an editor that never answers is told with the end of its log', async () => {
  const { runtime, config } = bench.parts;
  stub.setReady(false);
  const job = bench.request('create', 'web-app');
  // It dies while it starts.
  const dying = {
    ...runtime,
    inspect: async () => ({ id: job.workspaceId, state: 'stopped' as const, startedBy: null, fence: 1 }),
  };
  const { attend } = attending({ runtime: dying });
  const running = attend(job.id, undefined);
  await until('its log is there', () =>
    stat(`${config.paths.logs}/web-app`).then(
      () => true,
      () => false,
    ),
  );
  await writeFile(`${config.paths.logs}/web-app/instance.log`, 'starting\nno such module\n');
  await running;
  const events = bench.parts.store.activity({ workspaceId: job.workspaceId, limit: 50 }).items;
  const retrying = events.find(({ type }) => type === 'job.retrying');
  expect(retrying?.detail.error).toMatchObject({
    code: 'instance_failed',
    message: expect.stringContaining('no such module'),
  });
  await rm(`${config.paths.logs}/web-app`, { recursive: true });
});
