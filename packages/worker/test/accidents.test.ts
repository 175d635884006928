/** The queue gone, deletes in between, ports that change, the end of the worker: what it makes of accidents. */
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { planOf } from '@tidepool/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeHome, openFakeHome } from './fake-home.ts';
import { expectState, expectTarget } from './kill-drivers.ts';
import { until, type WorkerProcess } from './worker-home.ts';

let home: FakeHome;
let worker: WorkerProcess;
let count = 0;
const nameOf = () => `web-${count++}`;
const signal = new AbortController().signal;

beforeAll(async () => {
  home = await openFakeHome();
  worker = await home.startWorker();
});
afterAll(() => home.close());

test.each(planOf('create', null))('a delete during %s of a create wins, and leaves nothing', async (step) => {
  const name = nameOf();
  home.linger(300);
  home.stub.setReady(step !== 'ensureIde');
  const create = await home.request('create', name);
  await until(`create is in ${step}`, () => home.store.job(create.id)?.steps.some((one) => one.name === step) ?? false);
  const deletion = await home.request('delete', name);
  await expectTarget(home, deletion);
  home.linger(0);
  home.stub.setReady(true);
  expect(home.store.job(create.id)?.status).toBe('cancelled');
  expect(home.store.tombstone(deletion.workspaceId)).toMatchObject({ name });
});

test('a delete does not wait for the editor of the create it ends', async () => {
  home.stub.setReady(false);
  const name = nameOf();
  const create = await home.request('create', name);
  await until('the editor is awaited', () => home.store.job(create.id)?.steps.at(-1)?.name === 'ensureIde');
  await expectTarget(home, await home.request('delete', name));
  home.stub.setReady(true);
});

test('three starts run at once, stops and deletes pass them, and each that ends lets the next begin', async () => {
  const [stopped, deleted] = [nameOf(), nameOf()];
  await home.done('create', stopped);
  await home.done('create', deleted);
  home.stub.setReady(false);
  const creates = await Promise.all(Array.from({ length: 8 }, () => home.request('create', nameOf())));
  const atWork = () => creates.filter(({ id }) => home.store.job(id)?.status === 'running').length;
  await until('three are at work', () => atWork() === 3);
  await expectTarget(home, await home.request('stop', stopped));
  await expectTarget(home, await home.request('delete', deleted));
  expect(atWork()).toBe(3);
  home.stub.setReady(true);
  for (const job of creates) await expectTarget(home, job);
});

test('ports that change while a start runs are routed when it ends', async () => {
  const name = nameOf();
  home.stub.setReady(false);
  const create = await home.request('create', name);
  await until('the editor is awaited', () => home.store.job(create.id)?.steps.at(-1)?.name === 'ensureIde');
  const { job } = home.store.addPort(name, { port: 3000, label: null, stripPrefix: true }, { actor: 'user' });
  expect(job).toBeNull();
  home.linger(200);
  home.stub.setReady(true);
  await until('the routes are written', () => home.store.job(create.id)?.steps.at(-1)?.name === 'ensureRoutes');
  home.store.addPort(name, { port: 4000, label: null, stripPrefix: false }, { actor: 'user' });
  await expectTarget(home, create);
  home.linger(0);
  const routed = (await home.routes.list()).find(({ workspace }) => workspace === name);
  expect(routed?.routes).toMatchObject([{ port: 'ide' }, { port: 3000 }, { port: 4000, stripPrefix: false }]);
});

test('with the queue down from beginning to end, jobs get done', async () => {
  const name = nameOf();
  await home.stopQueue();
  try {
    await home.done('create', name);
    await home.done('restart', name);
    await home.done('delete', name);
  } finally {
    await home.startQueue();
  }
  await home.done('create', name);
});

test('a queue that lost its messages loses no job', async () => {
  worker.kill('SIGTERM');
  await worker.ended;
  const job = await home.request('create', nameOf());
  await home.stopQueue();
  await home.startQueue();
  worker = await home.startWorker();
  await expectTarget(home, job);
});

test('a message that is no job is said in the log and stops nothing', async () => {
  for (const body of ['', '{', '{"jobId":"x"}', '[]', '{"jobId":"01a1fcdf-44f7-7659-b53d-8c6b8fb73286"}']) {
    await home.queue.send(body === '' ? ' ' : body);
  }
  await home.done('create', nameOf());
  expect(worker.output()).toContain('message is no job');
});

test('a passing failure of the runtime is tried again by itself, and a lasting one says what and why', async () => {
  const passing = { failure: { code: 'runtime_unavailable', passing: true, times: 2 } } as const;
  home.steer({ methods: { start: passing } });
  const job = await home.request('create', nameOf());
  await expectTarget(home, job);
  expect(home.store.job(job.id)?.failures).toBe(2);

  home.steer({ methods: { create: { failure: { code: 'disk_full' } } } });
  const name = nameOf();
  const failed = await home.request('create', name);
  await until('it has failed', () => home.store.job(failed.id)?.status === 'failed');
  expect(home.workspace(name)).toMatchObject({
    status: 'error',
    error: { code: 'disk_full', action: 'create', fix: expect.stringContaining('space') },
  });
  home.steer({});
  await home.done('start', name);
});

describe('the end of a worker', () => {
  test('without its supervisor it ends in order; what runs goes on, untouched by the next one', async () => {
    const name = nameOf();
    const created = await home.done('create', name);
    const before = home.journal(created.workspaceId);
    worker.disconnect();
    expect(await worker.ended).toBe(0);
    worker = await home.startWorker();
    await sleep(1500);
    await expectState(home, created, 'create');
    expect(home.journal(created.workspaceId)).toEqual(before);
  });

  test('with Tidepool it stops every workspace and says why; a job at work goes on at the next start', async () => {
    const [running, coming] = [nameOf(), nameOf()];
    const created = await home.done('create', running);
    home.stub.setReady(false);
    const job = await home.request('create', coming);
    await until('the editor is awaited', () => home.store.job(job.id)?.steps.at(-1)?.name === 'ensureIde');
    worker.send({ type: 'shutdown', stopWorkspaces: true });
    expect(await worker.ended).toBe(0);
    home.stub.setReady(true);

    expect(home.workspace(running)).toMatchObject({ status: 'stopped', stopReason: 'shutdown' });
    const instances = await home.runtime.list(signal);
    expect(instances.filter(({ state }) => state === 'running')).toEqual([]);
    expect(await home.routes.list()).toEqual([]);
    expect(home.store.job(job.id)).toMatchObject({ status: 'queued', failures: 0 });

    worker = await home.startWorker();
    await expectTarget(home, job);
    expect(home.store.workspace(created.workspaceId)?.status).toBe('stopped');
  });

  test('the host is on record, with what the preflight found', async () => {
    const finding = {
      id: 'limits',
      title: 'Limits',
      status: 'warning',
      detail: 'Memory is counted, not enforced.',
      fix: null,
      commands: [],
    };
    await mkdir(home.config.paths.run, { recursive: true });
    await writeFile(`${home.config.paths.run}/findings.json`, JSON.stringify([finding]));
    await until('it is read', () => home.store.host()?.findings[0]?.id === 'limits');
    expect(home.store.host()).toMatchObject({
      runtime: { kind: 'fake' },
      routes: { kind: 'file', caddyVersion: null, healthy: false },
      images: [{ name: 'workspace', version: 'fake', current: true }],
      findings: [finding, { id: 'disk' }],
    });
    expect(home.store.workerAlive()).toBe(true);
  });
});
