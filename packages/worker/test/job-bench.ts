/**
 * A worker's parts with nothing around them: a real database, the fake runtime and routes in a directory of their own, and
 * jobs run one at a time by the test. Only `Date` is the test's: `later` makes a retry due.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createFakeRoutes, type FakeRoutes, type Proxy as ProxyPort } from '@tidepool/caddy';
import { type Action, type Job, parseConfig, type Workspace } from '@tidepool/core';
import { createStore, currentHolder } from '@tidepool/db';
import { createFakeQueue, type FakeQueue } from '@tidepool/queue';
import { createFakeRuntime, type FakeEffect, readFakeJournal, steerFake } from '@tidepool/runtime';
import { pino } from 'pino';
import { vi } from 'vitest';
import { jobs } from '../src/jobs/jobs.ts';
import type { Parts } from '../src/parts.ts';
import { type JobEnd, runJob } from '../src/run-job.ts';
import type { Step } from '../src/steps/step.ts';
import { createWorkspaceLogs } from '../src/workspace-logs.ts';

export interface JobBench {
  readonly parts: Parts & { readonly routes: FakeRoutes; readonly queue: FakeQueue };
  /** Of the fake runtime. */
  readonly directory: string;
  request(kind: Action, name: string): Job;
  /** Claims and runs it once. @throws where it may not run now */
  run(job: Job, changes?: { readonly steps?: readonly Step[]; readonly parts?: Partial<Parts> }): Promise<JobEnd>;
  /** Runs it, retries included, until it is final. */
  finish(job: Job, steps?: readonly Step[]): Promise<Job>;
  /** Brings a new workspace of that name to `running`. */
  running(name: string): Promise<Workspace>;
  workspace(name: string): Workspace;
  /** What happened to the instance, in order; notes of a higher fence left out. */
  effects(workspaceId: string): readonly FakeEffect[];
  close(): Promise<void>;
}

export async function openJobBench(stub: { readonly port: number }): Promise<JobBench> {
  const home = await mkdtemp(`${tmpdir()}/tp-b-`);
  const config = parseConfig(
    { TIDEPOOL_HOME: home, TIDEPOOL_RUNTIME: 'fake', TIDEPOOL_MEMORY_MIB: '1048576' },
    { cwd: home, homeDirectory: home, isRoot: false, totalMemoryMiB: 16_384 },
  );
  const directory = `${home}/fake`;
  await mkdir(directory);
  steerFake(directory, { target: { host: '127.0.0.1', port: stub.port } });
  const options = { level: 'silent' } as const;
  const output = { write: () => undefined };
  const parts = {
    store: createStore({ path: config.paths.database, budgetMiB: config.budgetMiB, leaseMs: config.intervals.lease }),
    queue: createFakeQueue(),
    runtime: createFakeRuntime({ directory }),
    routes: createFakeRoutes(),
    proxy: noProxy,
    config,
    holder: currentHolder(),
    workspaceLogs: createWorkspaceLogs({ directory: config.paths.logs, output, options }),
    log: pino(options),
  };
  const { store } = parts;

  const bench: JobBench = {
    parts,
    directory,
    request(kind, name) {
      const context = { actor: 'user' } as const;
      const input = { name, image: 'workspace@fake', cpus: 1, memoryMiB: 512, diskGiB: 20 };
      return (kind === 'create' ? store.create(input, context) : store.act(name, kind, context)).job;
    },
    async run(job, changes = {}) {
      const result = store.claim(job.id, parts.holder);
      if (result.outcome === 'not_now') throw new Error(`${job.kind} may not run: ${result.reason}`);
      return runJob({ ...parts, ...changes.parts }, result.claim, {
        steps: changes.steps ?? jobs[job.kind],
        hideMessage: async () => undefined,
        stopping: new AbortController().signal,
      });
    },
    async finish(job, steps = jobs[job.kind]) {
      for (;;) {
        const end = await bench.run(job, { steps });
        if (end.againInMs === null) break;
        later(end.againInMs);
      }
      const ended = store.job(job.id);
      if (ended === null) throw new Error('the job is gone');
      return ended;
    },
    async running(name) {
      await bench.finish(bench.request('create', name));
      return bench.workspace(name);
    },
    workspace(name) {
      const workspace = store.workspace(name);
      if (workspace === null) throw new Error(`there is no workspace ${name}`);
      return workspace;
    },
    effects: (workspaceId) =>
      readFakeJournal(directory)
        .filter(({ id, effect }) => id === workspaceId && effect !== 'fence')
        .map(({ effect }) => effect),
    async close() {
      store.close();
      await rm(home, { recursive: true, force: true });
    },
  };
  return bench;
}

/** Moves the wall clock on; `vi.useFakeTimers({ toFake: ['Date'] })` must have been called. */
export function later(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

const noProxy: ProxyPort = { ensureConfig: async () => false, version: async () => '2.11.7' };
