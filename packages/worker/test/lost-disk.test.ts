/** A machine that was removed outside Tidepool took its files along: that is said, and no empty one takes its place. */
import { TidepoolError } from '@tidepool/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { reconcile } from '../src/reconcile/reconcile.ts';
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

/** As with `incus delete -f`. */
async function lose(id: string): Promise<number> {
  const { runtime } = bench.parts;
  const fence = (await runtime.inspect(id, signal))?.fence ?? 0;
  await runtime.stop(id, { fence, signal });
  await runtime.remove(id, { fence, signal });
  return fence;
}

test.each(['start', 'restart'] as const)(
  '%s of a workspace whose machine is gone fails and makes none',
  async (kind) => {
    const { id } = await bench.running(name);
    if (kind === 'start') await bench.finish(bench.request('stop', name));
    await lose(id);
    const before = bench.effects(id);
    const job = await bench.finish(bench.request(kind, name));
    expect(job).toMatchObject({ status: 'failed', error: { code: 'instance_gone' } });
    expect(bench.workspace(name)).toMatchObject({ status: 'error', error: { code: 'instance_gone', action: kind } });
    expect(bench.effects(id)).toEqual(before);
    await bench.finish(bench.request('delete', name));
    expect(bench.parts.store.workspace(name)).toBeNull();
  },
);

test('stop of a workspace whose machine is gone does not say that its files are kept', async () => {
  const { id } = await bench.running(name);
  await lose(id);
  await bench.finish(bench.request('stop', name));
  expect(bench.workspace(name)).toMatchObject({ status: 'stopped', stopReason: 'instance_gone' });
});

test('a stopped workspace whose machine goes is shown so; put back, it starts as before', async () => {
  const { id } = await bench.running(name);
  await bench.finish(bench.request('stop', name));
  await reconcile(bench.parts, signal);
  expect(bench.workspace(name).stopReason).toBe('requested');
  const fence = await lose(id);
  await reconcile(bench.parts, signal);
  expect(bench.workspace(name)).toMatchObject({ status: 'stopped', stopReason: 'instance_gone' });
  const spec = { ...bench.workspace(name), logDirectory: '/nowhere' };
  await bench.parts.runtime.create(spec, { fence, signal });
  await reconcile(bench.parts, signal);
  expect(bench.workspace(name).stopReason).toBe('requested');
  await bench.finish(bench.request('start', name));
  expect(bench.workspace(name).status).toBe('running');
});

test('a workspace that never ran has nothing to lose: start and retry make its machine', async () => {
  const { runtime } = bench.parts;
  const create = () => Promise.reject(new TidepoolError('instance_failed'));
  for (const verb of ['start', 'retry'] as const) {
    const made = `never-${verb}`;
    await bench.run(bench.request('create', made), { parts: { runtime: { ...runtime, create } } });
    expect(bench.workspace(made)).toMatchObject({ status: 'error', startedAt: null });
    const { job } = bench.parts.store.act(made, verb, { actor: 'user' });
    await bench.finish(job);
    expect(bench.workspace(made).status).toBe('running');
  }
});
