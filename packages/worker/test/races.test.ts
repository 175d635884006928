/** Reconcile against jobs that begin while it looks, and what else happens between two looks. In one process. */
import { readdir } from 'node:fs/promises';
import { unguarded } from '@tidepool/caddy';
import { TidepoolError } from '@tidepool/core';
import type { Runtime } from '@tidepool/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { noteAccess } from '../src/access.ts';
import { jobs } from '../src/jobs/jobs.ts';
import { type ReconcileParts, reconcile } from '../src/reconcile/reconcile.ts';
import { ensureRoutes } from '../src/steps/ensure-routes.ts';
import { removeLogs } from '../src/steps/remove-logs.ts';
import { removeRoutes } from '../src/steps/remove-routes.ts';
import type { Step } from '../src/steps/step.ts';
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

/** Reconciles with a runtime during whose look something else happens. */
function lookingAway(during: () => Promise<void>, method: 'list' | 'inspect' = 'list'): ReconcileParts {
  const { runtime } = bench.parts;
  let done = false;
  const once = async () => {
    if (done) return;
    done = true;
    await during();
  };
  const slow: Partial<Runtime> =
    method === 'list'
      ? { list: (abort) => once().then(() => runtime.list(abort)) }
      : { inspect: (id, abort) => once().then(() => runtime.inspect(id, abort)) };
  return { ...bench.parts, runtime: { ...runtime, ...slow } };
}

test('a stop that is accepted and done while it looks is not taken for an accident', async () => {
  await bench.running(name);
  const stopping = lookingAway(async () => void (await bench.finish(bench.request('stop', name))));
  await reconcile(stopping, signal);
  expect(bench.workspace(name)).toMatchObject({ status: 'stopped', stopReason: 'requested' });
});

test('a job that is accepted while it looks keeps its workspace, routes and all', async () => {
  const { id } = await bench.running(name);
  const instance = await bench.parts.runtime.inspect(id, signal);
  await bench.parts.runtime.stop(id, { fence: instance?.fence ?? 0, signal });
  const restarting = lookingAway(async () => void bench.request('restart', name), 'inspect');
  await reconcile(restarting, signal);
  expect(bench.workspace(name)).toMatchObject({ status: 'starting' });
  expect(bench.parts.routes.find(name, 'ide')).not.toBeNull();
});

test('a start that is done while it looks keeps its routes and its instance', async () => {
  await bench.running(name);
  await bench.finish(bench.request('stop', name));
  const starting = lookingAway(async () => void (await bench.finish(bench.request('start', name))));
  await reconcile(starting, signal);
  expect(bench.workspace(name).status).toBe('running');
  expect(bench.parts.routes.find(name, 'ide')).not.toBeNull();
});

test('lost routes are not written again for a workspace that is being stopped meanwhile', async () => {
  await bench.running(name);
  const { routes, runtime } = bench.parts;
  await routes.replace(name, [], unguarded);
  const expose: typeof runtime.expose = async (...call) => {
    const targets = await runtime.expose(...call);
    bench.request('stop', name);
    return targets;
  };
  await reconcile({ ...bench.parts, runtime: { ...runtime, expose } }, signal);
  expect(bench.workspace(name).status).toBe('stopping');
  expect(routes.find(name, 'ide')).toBeNull();
});

test('strays of a workspace that is being started meanwhile are left to its job', async () => {
  await bench.running(name);
  const { routes } = bench.parts;
  const present = (await routes.list())[0]?.routes ?? [];
  await bench.finish(bench.request('stop', name));
  await routes.replace(name, present, unguarded);
  const list = async () => {
    const listed = await routes.list();
    bench.request('start', name);
    return listed;
  };
  await reconcile({ ...bench.parts, routes: { ...routes, list } }, signal);
  expect(routes.find(name, 'ide')).not.toBeNull();
});

/** The step in a worker that is suspended just before it makes its work visible, and goes on when another has taken over. */
function overtaken(step: Step): Step {
  const guarded = () => {
    throw new TidepoolError('fence_lost');
  };
  return { ...step, run: (context) => step.run({ ...context, store: { ...context.store, guarded } }) };
}

test('a worker that lost its fence removes no logs: the name may be another workspace by now', async () => {
  await bench.running(name);
  const { paths } = bench.parts.config;
  const end = await bench.run(bench.request('delete', name), { steps: [overtaken(removeLogs)] });
  expect(end.outcome).toBe('abandoned');
  expect(await readdir(paths.logs)).toEqual([name]);
});

test('a worker that lost its fence removes no routes, and writes none', async () => {
  const { routes } = bench.parts;
  const create = bench.request('create', name);
  const steps = jobs.create.map((step) => (step === ensureRoutes ? overtaken(step) : step));
  expect((await bench.run(create, { steps })).outcome).toBe('abandoned');
  expect(await routes.list()).toEqual([]);

  await bench.running('other');
  const stop = bench.request('stop', 'other');
  expect((await bench.run(stop, { steps: [overtaken(removeRoutes)] })).outcome).toBe('abandoned');
  expect(routes.find('other', 'ide')).not.toBeNull();
});

test('a workspace with an open job is left to it', async () => {
  await bench.running(name);
  const { store, runtime } = bench.parts;
  store.addPort(name, { port: 3000, label: null, stripPrefix: true }, { actor: 'user' });
  const expose = vi.fn(runtime.expose);
  await reconcile({ ...bench.parts, runtime: { ...runtime, expose } }, signal);
  expect(expose).not.toHaveBeenCalled();
});

test('a workspace made while it looks is no orphan', async () => {
  const making = lookingAway(async () => void (await bench.running(name)));
  expect(await reconcile(making, signal)).toEqual({ unknownInstances: [] });
  expect(bench.parts.routes.find(name, 'ide')).not.toBeNull();
});

test('a runtime that does not answer is no reason to call anything stopped', async () => {
  await bench.running(name);
  const { runtime } = bench.parts;
  const silent = { ...bench.parts, runtime: { ...runtime, list: () => Promise.reject(new Error('no answer')) } };
  await expect(reconcile(silent, signal)).rejects.toThrow('no answer');
  expect(bench.workspace(name).status).toBe('running');
});

test('a workspace in error whose instance is gone gives its memory back', async () => {
  const { id } = await bench.running(name);
  const job = bench.request('stop', name);
  const { stop } = bench.parts.runtime;
  const stuck = { ...bench.parts.runtime, stop: () => Promise.reject(new Error('stuck')) };
  await bench.run(job, { parts: { runtime: stuck } });
  vi.setSystemTime(Date.now() + 2000);
  await bench.run(job, { parts: { runtime: stuck } });
  expect(bench.workspace(name)).toMatchObject({ status: 'error', error: { code: 'internal', action: 'stop' } });
  expect(bench.parts.store.capacity().usedMiB).toBe(512);
  const instance = await bench.parts.runtime.inspect(id, signal);
  await stop(id, { fence: instance?.fence ?? 0, signal });
  await reconcile(bench.parts, signal);
  expect(bench.parts.store.capacity().usedMiB).toBe(0);
  expect(bench.workspace(name).status).toBe('error');
});

test('what is as it should be is left alone', async () => {
  const { id } = await bench.running(name);
  const [before, effects] = [bench.workspace(name), bench.effects(id)];
  await reconcile(bench.parts, signal);
  expect(bench.workspace(name)).toEqual(before);
  expect(bench.effects(id)).toEqual(effects);
});

test('the last access of a running workspace is that of its editor', async () => {
  await bench.running(name);
  vi.setSystemTime(Date.now() + 2000);
  const at = new Date();
  stub.setHeartbeat(at.getTime());
  await noteAccess(bench.parts, signal);
  expect(bench.workspace(name).lastAccessedAt).toBe(at.toISOString());
});

test('a heartbeat from before it ran is our own question, and no access', async () => {
  const { startedAt } = await bench.running(name);
  stub.setHeartbeat(Date.parse(startedAt ?? '') - 1);
  await noteAccess(bench.parts, signal);
  expect(bench.workspace(name).lastAccessedAt).toBeNull();
});

test('one workspace whose access cannot be noted is no reason not to ask the next', async () => {
  const first = await bench.running('first');
  const second = await bench.running('second');
  vi.setSystemTime(Date.now() + 2000);
  const at = new Date();
  stub.setHeartbeat(at.getTime());
  const { store } = bench.parts;
  const accessed: typeof store.accessed = (id, at) => {
    if (id === first.id) throw new RangeError('Invalid time value');
    store.accessed(id, at);
  };
  await noteAccess({ ...bench.parts, store: { ...store, accessed } }, signal);
  expect(store.workspace(first.id)?.lastAccessedAt).toBeNull();
  expect(store.workspace(second.id)?.lastAccessedAt).toBe(at.toISOString());
});
