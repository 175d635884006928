/** `kill -9` of the worker during each step and between any two of each kind of job, then a new worker: on the fake runtime. */
import { type Job, type JobKind, jobKinds, plans } from '@tidepool/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { effectsOf, type FakeHome, historyOf, openFakeHome } from './fake-home.ts';
import { type FakeSources, openFakeSources } from './fake-sources.ts';
import { expectTarget, pointsOf, replaceKilled, strike } from './kill-drivers.ts';
import { until, type WorkerProcess } from './worker-home.ts';

let home: FakeHome;
let sources: FakeSources;
let worker: WorkerProcess;
let count = 0;

beforeAll(async () => {
  home = await openFakeHome();
  sources = await openFakeSources(home);
  worker = await home.startWorker();
});
afterAll(async () => {
  await sources.close();
  await home.close();
});

describe.each(jobKinds)('%s', (kind) => {
  // In the middle of each step there is once, between any two steps of each kind.
  const inTheMiddle = kind !== 'start' && kind !== 'restart';
  const points = pointsOf(plans[kind]).filter(({ moment }) => moment === 'after' || inTheMiddle);
  test.each(points)('killed $moment $step, it ends where it should, each effect once', async (point) => {
    const name = await prepared(kind);
    const job = await withWindow(() => accepted(kind, name));

    await strike(home, worker, job, point);
    home.linger(0);
    await sources.delay(0);
    home.stub.setReady(true);
    worker = await replaceKilled(home, job);

    await expectTarget(home, job);
    if (kind === 'create' || kind === 'source') sources.expectCloned(job);
    expect(home.journal(job.workspaceId).map(({ effect }) => effect)).toEqual([...historyOf[kind], ...effectsOf[kind]]);
    if (kind !== 'delete') await home.done('delete', name);
  });
});

test('a job that kills its worker ten times fails, and says so', async () => {
  const name = `web-${count++}`;
  home.linger(60_000);
  const job = await home.request('create', name);
  for (let crash = 1; crash <= 10; crash++) {
    await until('it is claimed', () => home.store.job(job.id)?.status === 'running');
    await until('its first step has begun', () => home.journal(job.workspaceId).length > 0);
    worker.kill('SIGKILL');
    await worker.ended;
    // The last one has no look under way that would hold up the delete.
    if (crash === 10) home.linger(0);
    worker = await home.startWorker();
  }
  await until('it has failed', () => home.store.job(job.id)?.status === 'failed');
  expect(home.store.job(job.id)?.error?.code).toBe('crash_loop');
  expect(home.workspace(name)).toMatchObject({ status: 'error', error: { code: 'crash_loop', action: 'create' } });
  await home.done('delete', name);
});

/** A workspace of its own, in the state that `kind` starts from. */
async function prepared(kind: JobKind): Promise<string> {
  const name = `web-${count++}`;
  if (kind === 'source') await sources.uncloned(name);
  else if (kind !== 'create') await home.done('create', name);
  if (kind === 'start') await home.done('stop', name);
  return name;
}

function accepted(kind: JobKind, name: string): Promise<Job> {
  if (kind === 'routes') return home.addPort(name, 3000);
  if (kind === 'source') return sources.cloneAgain(name);
  return kind === 'create' ? sources.create(name) : home.request(kind, name);
}

/** Slow from the moment the job is accepted, so that there is something to strike. */
async function withWindow(accept: () => Promise<Job>): Promise<Job> {
  home.linger(200);
  await sources.delay(200);
  home.stub.setReady(false);
  const job = await accept();
  // The editor answers a moment after it was asked for.
  until('its editor is awaited', () => home.store.job(job.id)?.steps.some(({ name }) => name === 'ensureIde') ?? false)
    .then(() => setTimeout(() => home.stub.setReady(true), 200))
    .catch(() => undefined);
  return job;
}
