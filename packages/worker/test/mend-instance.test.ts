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

test('a first look that could not repair all is not the last that knows of the boot', async () => {
  await reconcile(bench.parts, signal);
  const { id } = await bench.running(name);
  endFakeInstance(bench.directory, id);
  const holder = { ...bench.parts.holder, bootId: 'the next boot' };
  const { runtime } = bench.parts;
  const inspect = async () => {
    throw new TidepoolError('runtime_unavailable', { passing: true });
  };
  await reconcile({ ...bench.parts, holder, runtime: { ...runtime, inspect } }, signal);
  expect(bench.workspace(name).status).toBe('running');
  await reconcile({ ...bench.parts, holder }, signal);
  expect(bench.workspace(name).stopReason).toBe('host_restarted');
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
