/** What Tidepool leaves behind when it ends, of workspaces that were not simply running. In one process. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stopWorkspaces } from '../src/shutdown.ts';
import { type JobBench, later, openJobBench } from './job-bench.ts';
import { type IdeStub, startIdeStub } from './worker-home.ts';

let stub: IdeStub;
let bench: JobBench;
const name = 'web-app';

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

test('a running workspace is stopped, and its routes are gone before its machine', async () => {
  const { id } = await bench.running(name);
  const { runtime, routes } = bench.parts;
  const routed: unknown[] = [];
  const stop: typeof runtime.stop = (...call) => {
    routed.push(routes.find(name, 'ide'));
    return runtime.stop(...call);
  };
  await stopWorkspaces({ ...bench.parts, runtime: { ...runtime, stop } });
  expect(routed).toEqual([null]);
  expect(bench.workspace(name)).toMatchObject({ status: 'stopped', stopReason: 'shutdown' });
  expect(bench.effects(id).at(-1)).toBe('stop');
});

test('an open change of ports ends with the workspace, and no route stays', async () => {
  await bench.running(name);
  const { store, routes } = bench.parts;
  const { job } = store.addPort(name, { port: 3000, label: null, stripPrefix: true }, { actor: 'user' });
  await stopWorkspaces(bench.parts);
  expect(store.job(job?.id ?? '')?.status).toBe('cancelled');
  expect(bench.workspace(name)).toMatchObject({ status: 'stopped', stopReason: 'shutdown' });
  expect(await routes.list()).toEqual([]);
});

test('a failed workspace whose machine still ran gives its memory back', async () => {
  await bench.running(name);
  const job = bench.request('stop', name);
  const stuck = { ...bench.parts.runtime, stop: () => Promise.reject(new Error('stuck')) };
  await bench.run(job, { parts: { runtime: stuck } });
  later(2000);
  await bench.run(job, { parts: { runtime: stuck } });
  expect(bench.workspace(name).status).toBe('error');
  expect(bench.parts.store.capacity().usedMiB).toBe(512);
  await stopWorkspaces(bench.parts);
  expect(bench.parts.store.capacity().usedMiB).toBe(0);
  expect(bench.workspace(name).status).toBe('error');
});

test('a machine that nobody knows is stopped too', async () => {
  const { runtime } = bench.parts;
  const id = crypto.randomUUID();
  const spec = {
    id,
    name,
    image: 'workspace@fake',
    cpus: 1,
    memoryMiB: 512,
    diskGiB: 20,
    logDirectory: bench.directory,
  };
  const signal = new AbortController().signal;
  await runtime.create(spec, { fence: 1, signal });
  await runtime.start(spec, { fence: 1, jobId: 'job-1', signal });
  await stopWorkspaces(bench.parts);
  expect((await runtime.inspect(id, signal))?.state).toBe('stopped');
});
