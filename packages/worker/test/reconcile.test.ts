/** Instances that end, routes that are lost: what a running worker finds and repairs by itself. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createFakeRuntime, endFakeInstance } from '@tidepool/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeHome, openFakeHome } from './fake-home.ts';
import { expectState } from './kill-drivers.ts';
import { until } from './worker-home.ts';

let home: FakeHome;
let count = 0;
const nameOf = () => `web-${count++}`;
const signal = new AbortController().signal;

beforeAll(async () => {
  home = await openFakeHome();
  await home.startWorker();
});
afterAll(() => home.close());

test('an instance that ended by itself is shown stopped, with the reason, and its routes are gone', async () => {
  const name = nameOf();
  const { workspaceId } = await home.done('create', name);
  endFakeInstance(home.fakeDirectory, workspaceId);
  await until('it is stopped', () => home.workspace(name).status === 'stopped');
  expect(home.workspace(name).stopReason).toBe('instance_stopped');
  expect((await home.routes.list()).map(({ workspace }) => workspace)).not.toContain(name);
  await home.done('start', name);
});

test('the runtime reports it, so nobody waits for the next look', async () => {
  const patient = await openFakeHome({ TIDEPOOL_RECONCILE_SECONDS: '3600' });
  try {
    await patient.startWorker();
    const { workspaceId } = await patient.done('create', 'web-app');
    endFakeInstance(patient.fakeDirectory, workspaceId);
    await until('it is stopped', () => patient.workspace('web-app').status === 'stopped');
    expect(patient.workspace('web-app').stopReason).toBe('instance_stopped');
  } finally {
    await patient.close();
  }
});

test('an instance that is gone is shown gone, and start makes no empty one in its place', async () => {
  const name = nameOf();
  const { workspaceId } = await home.done('create', name);
  const { fence } = (await home.runtime.inspect(workspaceId, signal)) ?? { fence: 0 };
  await home.runtime.stop(workspaceId, { fence, signal });
  await home.runtime.remove(workspaceId, { fence, signal });
  await until('it is shown gone', () => home.workspace(name).stopReason === 'instance_gone');
  expect(home.workspace(name).status).toBe('stopped');
  await home.request('start', name);
  await until('start has failed', () => home.workspace(name).status === 'error');
  expect(home.workspace(name).error).toMatchObject({ code: 'instance_gone', action: 'start' });
  expect(await home.runtime.inspect(workspaceId, signal)).toBeNull();
  await home.done('delete', name);
});

test('routes that were lost are written again, strays are removed', async () => {
  const [lost, stopped] = [nameOf(), nameOf()];
  const running = await home.done('create', lost);
  await home.done('create', stopped);
  const stop = await home.done('stop', stopped);
  const { routes: directory } = home.config.paths;
  await rename(`${directory}/${lost}`, `${directory}/${stopped}`);
  await mkdir(`${directory}/nobody/ide`, { recursive: true });
  await writeFile(`${directory}/nobody/ide/127.0.0.1:9`, '');
  await until('all is as it was', async () => {
    const names = (await home.routes.list()).map(({ workspace }) => workspace);
    return names.includes(lost) && !names.includes(stopped) && !names.includes('nobody');
  });
  await expectState(home, running, 'create');
  await expectState(home, stop, 'stop');
});

test('an instance that runs for a stopped workspace is stopped', async () => {
  const name = nameOf();
  await home.done('create', name);
  const stop = await home.done('stop', name);
  const instance = await home.runtime.inspect(stop.workspaceId, signal);
  const spec = { ...home.workspace(name), logDirectory: '/nowhere' };
  await home.runtime.start(spec, { fence: instance?.fence ?? 0, jobId: 'a suspended one', signal });
  await until('it is stopped', async () => (await home.runtime.inspect(stop.workspaceId, signal))?.state === 'stopped');
  await expectState(home, stop, 'stop');
});

test('an instance of a deleted workspace is removed; one that nobody knows is reported and left', async () => {
  const name = nameOf();
  await home.done('create', name);
  const { workspaceId } = await home.done('delete', name);
  const known = {
    id: workspaceId,
    name,
    image: 'workspace@fake',
    cpus: 1,
    memoryMiB: 512,
    diskGiB: 20,
    logDirectory: '/nowhere',
  };
  const unknown = { ...known, id: crypto.randomUUID() };
  const someone = createFakeRuntime({ directory: home.fakeDirectory });
  for (const spec of [known, unknown]) await someone.create(spec, { fence: 1000, signal });
  await until('the first is gone', async () => (await home.runtime.inspect(known.id, signal)) === null);
  const findings = () => home.store.host()?.findings ?? [];
  await until('the second is reported', () => findings().some(({ detail }) => detail.includes(unknown.id)));
  expect(await home.runtime.inspect(unknown.id, signal)).not.toBeNull();
  await home.runtime.remove(unknown.id, { fence: 1000, signal });
});
