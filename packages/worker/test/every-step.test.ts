/** Every step of every kind of job, run twice and failing: the end state, what is undone, and that user data stays. */
import { access, mkdir, writeFile } from 'node:fs/promises';
import { isSideKind, type Job, type JobKind, jobKinds, transitions } from '@tidepool/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { jobs } from '../src/jobs/jobs.ts';
import { everyInjection, failing, type Injection, repeated } from './every-step.ts';
import { effectsOf } from './fake-home.ts';
import { type JobBench, openJobBench } from './job-bench.ts';
import { startIdeStub } from './worker-home.ts';

let stub: Awaited<ReturnType<typeof startIdeStub>>;
let bench: JobBench;
let name: string;
let count = 0;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  stub = await startIdeStub();
});
beforeEach(() => {
  name = `web-${count++}`;
});
afterAll(async () => {
  await stub.close();
  vi.useRealTimers();
});

const signal = new AbortController().signal;

describe.each(jobKinds)('%s', (kind) => {
  beforeAll(async () => {
    bench = await openJobBench(stub);
  });
  afterAll(() => bench.close());
  const label = ({ at, failure, when }: Injection) => `${failure} ${when} ${jobs[kind][at]?.name}`;

  test('reaches its target with every step run twice, each effect once', async () => {
    const job = await prepared(kind);
    const before = bench.effects(job.workspaceId).length;
    await bench.finish(job, repeated(jobs[kind]));
    expect(bench.effects(job.workspaceId).slice(before)).toEqual(effectsOf[kind]);
    await expectTarget(kind, job);
  });

  test.each(everyInjection(jobs[kind]).map((injection) => [label(injection), { ...injection, times: 1 }] as const))(
    'a single failure, %s, and the job still ends as it should, each effect once',
    async (_, injection) => {
      const job = await prepared(kind);
      const before = bench.effects(job.workspaceId).length;
      const ended = await bench.finish(job, failing(jobs[kind], injection));
      if (injection.failure === 'permanent') return expectFailure(kind, ended);
      expect(ended.failures).toBe(1);
      expect(bench.effects(job.workspaceId).slice(before)).toEqual(effectsOf[kind]);
      return expectTarget(kind, job);
    },
  );

  test.each(everyInjection(jobs[kind]).map((injection) => [label(injection), injection] as const))(
    'a failure that stays, %s: it is undone and said, and nothing of the user is lost',
    async (_, injection) => {
      const job = await prepared(kind);
      const ended = await bench.finish(job, failing(jobs[kind], injection));
      expect(ended.failures).toBe({ passing: 2, unknown: 1, permanent: 0 }[injection.failure]);
      await expectFailure(kind, ended);
      const effects = bench.effects(job.workspaceId);
      const removed = effects.includes('remove');
      expect(await diskIsThere(job)).toBe(!removed && effects.length > 0);
      // Removed only by the step whose work that is.
      const removing = jobs[kind].findIndex((step) => step.name === 'removeInstance');
      const got = injection.when === 'after' ? injection.at : injection.at - 1;
      expect(removed).toBe(removing >= 0 && got >= removing);
    },
  );
});

/** A workspace in the state that `kind` starts from, with a file of its user, and the job accepted. */
async function prepared(kind: JobKind): Promise<Job> {
  if (kind === 'create') return bench.request('create', name);
  if (kind === 'source') return uncloned();
  const { id } = await bench.running(name);
  await mkdir(`${bench.directory}/disks/${id}/project`, { recursive: true });
  await writeFile(`${bench.directory}/disks/${id}/project/file`, 'mine');
  if (kind === 'routes') {
    const { job } = bench.parts.store.addPort(name, { port: 3000, label: null, stripPrefix: true }, { actor: 'user' });
    if (job === null) throw new Error('a running workspace gets a routes job');
    return job;
  }
  if (kind === 'start') await bench.finish(bench.request('stop', name));
  return bench.request(kind, name);
}

/** One whose repository nobody served as it was created; by now its folder has a clone, which is found. */
async function uncloned(): Promise<Job> {
  const { store } = bench.parts;
  const git = 'https://127.0.0.1:1/project.git';
  const input = { name, image: 'workspace@fake', cpus: 1, memoryMiB: 512, diskGiB: 20, source: { git } };
  const created = await bench.finish(store.create(input, { actor: 'user' }).job);
  expect(bench.workspace(name).source?.status).toBe('failed');
  const folder = `${bench.directory}/disks/${created.workspaceId}/project`;
  await mkdir(`${folder}/.git`, { recursive: true });
  await writeFile(`${folder}/.git/config`, `[remote "origin"]\n\turl = ${git}\n`);
  return store.cloneSource(name, { actor: 'user' }).job;
}

async function expectTarget(kind: JobKind, { id, workspaceId }: Job): Promise<void> {
  const { store, runtime, routes } = bench.parts;
  expect(store.job(id)).toMatchObject({ status: 'succeeded', error: null });
  const instance = await runtime.inspect(workspaceId, signal);
  if (kind === 'delete') {
    expect(store.workspace(name)).toBeNull();
    expect(store.tombstone(workspaceId)).toMatchObject({ name });
    expect(instance).toBeNull();
    expect(routes.find(name, 'ide')).toBeNull();
    return;
  }
  const status = isSideKind(kind) ? 'running' : transitions[kind].to;
  expect(bench.workspace(name)).toMatchObject({ status, error: null, jobId: null });
  expect(instance?.state).toBe(status);
  expect(routes.find(name, 'ide') !== null).toBe(status === 'running');
  expect(routes.find(name, 3000) !== null).toBe(kind === 'routes');
}

async function expectFailure(kind: JobKind, ended: Job): Promise<void> {
  const { runtime, routes } = bench.parts;
  expect(ended).toMatchObject({ status: 'failed', error: { message: 'injected', fix: expect.stringMatching(/\w/) } });
  expect(ended.steps.map(({ status }) => status)).not.toContain('running');
  if (isSideKind(kind)) {
    // The workspace runs on, with the routes it has.
    expect(bench.workspace(name)).toMatchObject({ status: 'running', jobId: null, error: null });
    expect(routes.find(name, 'ide')).not.toBeNull();
    return;
  }
  const instance = await runtime.inspect(ended.workspaceId, signal);
  expect(bench.workspace(name)).toMatchObject({ status: 'error', jobId: null, error: { action: kind } });
  if (kind === 'create' || kind === 'start') {
    // What it began is taken back: no route, nothing that runs.
    expect(routes.find(name, 'ide')).toBeNull();
    expect(instance?.state).not.toBe('running');
  }
}

async function diskIsThere({ workspaceId }: Job): Promise<boolean> {
  return access(`${bench.directory}/disks/${workspaceId}`).then(
    () => true,
    () => false,
  );
}
