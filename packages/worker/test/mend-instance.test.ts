/** Instances that are not as their workspaces are shown: frozen by somebody, or ended with the host. In one process. */
import { TidepoolError } from '@tidepool/core';
import { endFakeInstance } from '@tidepool/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { reconcile } from '../src/reconcile/reconcile.ts';
import { stopWorkspaces } from '../src/shutdown.ts';
import { type JobBench, openJobBench } from './job-bench.ts';
import { type IdeStub, startIdeStub } from './worker-home.ts';

let stub: IdeStub;
let bench: JobBench;
const name = 'web-app';
const signal = new AbortController().signal;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  stub = await startIdeStub();
  bench = await openJobBench(stub);
});
afterEach(async () => {
  await bench.close();
  await stub.close();
  vi.useRealTimers();
});

test('a workspace whose instance somebody froze goes on, noted in its activity, and keeps its routes', async () => {
  const { store, runtime, routes } = bench.parts;
  const { id, version } = await bench.running(name);
  const instance = await runtime.inspect(id, signal);
  await runtime.pause(id, { fence: instance?.fence ?? 0, signal });
  await reconcile(bench.parts, signal);
  expect((await runtime.inspect(id, signal))?.state).toBe('running');
  expect(bench.workspace(name)).toMatchObject({ status: 'running', version });
  expect(routes.find(name, 'ide')).not.toBeNull();
  expect(store.activity({ workspaceId: id, limit: 1 }).items[0]?.message).toBe('Found paused: it goes on');
});

test('one that is frozen is stopped, and started again, as any other', async () => {
  const { runtime } = bench.parts;
  const { id } = await bench.running(name);
  const instance = await runtime.inspect(id, signal);
  await runtime.pause(id, { fence: instance?.fence ?? 0, signal });
  await bench.finish(bench.request('stop', name));
  expect((await runtime.inspect(id, signal))?.state).toBe('stopped');
  await bench.finish(bench.request('start', name));
  expect(bench.workspace(name).status).toBe('running');
});

test('a frozen instance of a stopped workspace takes memory too: it is stopped', async () => {
  const { runtime } = bench.parts;
  const { id } = await bench.running(name);
  await bench.finish(bench.request('stop', name));
  const fence = (await runtime.inspect(id, signal))?.fence ?? 0;
  await runtime.start({ ...bench.workspace(name), logDirectory: '/nowhere' }, { fence, jobId: 'another', signal });
  await runtime.pause(id, { fence, signal });
  await reconcile(bench.parts, signal);
  expect((await runtime.inspect(id, signal))?.state).toBe('stopped');
});

test('what is found stopped at the first look after a boot was stopped by it; later it stopped by itself', async () => {
  const { store } = bench.parts;
  await reconcile(bench.parts, signal);
  const rebooted = { ...bench.parts, holder: { ...bench.parts.holder, bootId: 'the next boot' } };
  const first = await bench.running(name);
  endFakeInstance(bench.directory, first.id);
  await reconcile(rebooted, signal);
  expect(bench.workspace(name)).toMatchObject({ status: 'stopped', stopReason: 'host_restarted' });
  const [newest] = store.activity({ workspaceId: first.id, limit: 1 }).items;
  expect(newest?.message).toBe('Stopped: the host was restarted');
  await bench.finish(bench.request('start', name));
  endFakeInstance(bench.directory, first.id);
  await reconcile(rebooted, signal);
  expect(bench.workspace(name).stopReason).toBe('instance_stopped');
});

test('one that could not be looked at stays open from the boot, and holds up no other', async () => {
  await reconcile(bench.parts, signal);
  const [unlucky, other] = [await bench.running('unlucky'), await bench.running('other')];
  endFakeInstance(bench.directory, unlucky.id);
  const rebooted = { ...bench.parts, holder: { ...bench.parts.holder, bootId: 'the next boot' } };
  const { runtime } = bench.parts;
  const inspect: typeof runtime.inspect = async (id, ...more) => {
    if (id === unlucky.id) throw new TidepoolError('runtime_unavailable', { passing: true });
    return runtime.inspect(id, ...more);
  };
  const withTrouble = { ...rebooted, runtime: { ...runtime, inspect } };
  for (let looks = 0; looks < 3; looks += 1) await reconcile(withTrouble, signal);
  expect(bench.workspace('unlucky').status).toBe('running');
  endFakeInstance(bench.directory, other.id);
  await reconcile(withTrouble, signal);
  expect(bench.workspace('other').stopReason).toBe('instance_stopped');
  await reconcile(rebooted, signal);
  expect(bench.workspace('unlucky').stopReason).toBe('host_restarted');
  await bench.finish(bench.request('start', 'unlucky'));
  endFakeInstance(bench.directory, unlucky.id);
  await reconcile(rebooted, signal);
  expect(bench.workspace('unlucky').stopReason).toBe('instance_stopped');
});

test('one that was started anew before it could be looked at was not stopped by the boot', async () => {
  await reconcile(bench.parts, signal);
  const { id } = await bench.running(name);
  endFakeInstance(bench.directory, id);
  const rebooted = { ...bench.parts, holder: { ...bench.parts.holder, bootId: 'the next boot' } };
  const inspect = () => Promise.reject(new TidepoolError('runtime_unavailable', { passing: true }));
  await reconcile({ ...rebooted, runtime: { ...bench.parts.runtime, inspect } }, signal);
  const restart = bench.request('restart', name);
  await reconcile(rebooted, signal);
  await bench.finish(restart);
  endFakeInstance(bench.directory, id);
  await reconcile(rebooted, signal);
  expect(bench.workspace(name).stopReason).toBe('instance_stopped');
});

test('a frozen one is stopped with Tidepool, as those that run', async () => {
  const { runtime } = bench.parts;
  const { id } = await bench.running(name);
  const instance = await runtime.inspect(id, signal);
  await runtime.pause(id, { fence: instance?.fence ?? 0, signal });
  await stopWorkspaces(bench.parts);
  expect((await runtime.inspect(id, signal))?.state).toBe('stopped');
  expect(bench.workspace(name)).toMatchObject({ status: 'stopped', stopReason: 'shutdown' });
});

test('one in error gives its memory back once its machine has ended, and no look at it writes routes', async () => {
  const { store, runtime, routes } = bench.parts;
  const { id } = await bench.running(name);
  const stop = () => Promise.reject(new TidepoolError('instance_failed'));
  await bench.run(bench.request('stop', name), { parts: { runtime: { ...runtime, stop } } });
  const written: string[] = [];
  const replace: typeof routes.replace = async (...change) => {
    written.push(change[0]);
    await routes.replace(...change);
  };
  const look = () => reconcile({ ...bench.parts, routes: { ...routes, replace } }, signal);
  await look();
  expect(store.capacity().usedMiB, 'it runs on').toBe(512);
  endFakeInstance(bench.directory, id);
  for (let looks = 0; looks < 5; looks += 1) await look();
  expect(store.capacity().usedMiB).toBe(0);
  expect(bench.workspace(name).status).toBe('error');
  expect(written).toEqual([]);
});

test('a running workspace whose machine somebody stopped and renamed is stopped, and not taken for lost', async () => {
  const { runtime } = bench.parts;
  const { id } = await bench.running(name);
  endFakeInstance(bench.directory, id);
  const inspect = () => Promise.reject(new TidepoolError('instance_foreign'));
  const renamed = { ...bench.parts, runtime: { ...runtime, inspect, list: async () => [] } };
  await reconcile(renamed, signal);
  await reconcile(renamed, signal);
  expect(bench.workspace(name)).toMatchObject({ status: 'stopped', stopReason: 'instance_stopped' });
  await bench.run(bench.request('start', name), { parts: renamed });
  expect(bench.workspace(name)).toMatchObject({ status: 'error', error: { code: 'instance_foreign' } });
});
