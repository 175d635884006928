/** Kills or suspends a worker at a chosen point of a job, and says what must be so when it is over. For every runtime. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isSideKind, type Job, type JobKind, type StepName, TidepoolError, transitions } from '@tidepool/core';
import { expect } from 'vitest';
import { isFinal, until, type WorkerHome, type WorkerProcess } from './worker-home.ts';

export interface Point {
  readonly step: StepName;
  /** `during`: its row says that it runs. `after`: its row says that it has succeeded, and the next one runs. */
  readonly moment: 'during' | 'after';
}

/** Sends the signal as soon as the job has come to the point; it may be a few milliseconds beyond. */
export async function strike(
  home: WorkerHome,
  worker: WorkerProcess,
  job: Job,
  { step, moment }: Point,
  signal: 'SIGKILL' | 'SIGSTOP' = 'SIGKILL',
): Promise<void> {
  await until(
    `${job.kind} is ${moment} ${step}`,
    () => hasReached(home, job, { step, moment }) || isFinal(home.store, job),
  );
  worker.kill(signal);
  if (signal === 'SIGKILL') expect(await worker.ended).toBe('SIGKILL');
  else await outsideTransaction(home, worker);
}

/**
 * A process that is suspended inside a transaction locks the database for as long as it is: that is SQLite, and not
 * what is tried here. So it is let go on for a moment.
 */
async function outsideTransaction({ store }: WorkerHome, worker: WorkerProcess): Promise<void> {
  for (;;) {
    try {
      store.sent('no job: only the lock is of interest');
      return;
    } catch (error) {
      if (!(error instanceof TidepoolError) || error.code !== 'busy') throw error;
      worker.kill('SIGCONT');
      await sleep(5);
      worker.kill('SIGSTOP');
    }
  }
}

/** In milliseconds, and well below the 10 s after which a message that was sent is taken for lost. */
const promptMs = 5000;

/**
 * Starts a worker in the place of the one that was killed at that job, which must go on at once, although the server had
 * sent its message a moment ago, and came to note that only now.
 */
export async function replaceKilled(home: WorkerHome, job: Job): Promise<WorkerProcess> {
  const left = !isFinal(home.store, job);
  home.store.sent(job.id);
  const worker = await home.startWorker();
  const readyAt = Date.now();
  if (!left) return worker;
  const claims = () =>
    home.store
      .activity({ workspaceId: job.workspaceId, limit: 100 })
      .items.filter(({ type, detail }) => type === 'job.claimed' && detail.job?.id === job.id);
  await until('it is claimed again', () => claims().length > 1);
  expect(Date.parse(claims()[0]?.at ?? '') - readyAt).toBeLessThan(promptMs);
  return worker;
}

function hasReached({ store }: WorkerHome, job: Job, { step, moment }: Point): boolean {
  const record = store.job(job.id)?.steps.find(({ name }) => name === step);
  return record !== undefined && (moment === 'during' || record.status === 'succeeded');
}

/** Well inside the lease of two minutes: a killed worker's job does not wait for it. */
const takenOverMs = 60_000;

/** Waits for the job's end, and for everything that must then be so, in database, runtime and routes. */
export async function expectTarget(home: WorkerHome, job: Job, kind: JobKind = job.kind): Promise<void> {
  await until(`${job.kind} ends`, () => isFinal(home.store, job), takenOverMs);
  expect(home.store.job(job.id)).toMatchObject({ status: 'succeeded', error: null });
  await expectState(home, job, kind);
}

export async function expectState(
  { store, runtime, routes }: WorkerHome,
  { workspaceId, workspaceName }: Job,
  kind: JobKind,
): Promise<void> {
  const instance = await runtime.inspect(workspaceId, AbortSignal.timeout(10_000));
  const routed = (await routes.list()).find(({ workspace }) => workspace === workspaceName);
  if (kind === 'delete') {
    expect(store.workspace(workspaceId)).toBeNull();
    expect(instance).toBeNull();
    expect(routed).toBeUndefined();
    return;
  }
  const status = isSideKind(kind) ? 'running' : transitions[kind].to;
  expect(store.workspace(workspaceId)).toMatchObject({ status, jobId: null, error: null });
  expect(instance?.state).toBe(status);
  const ports = store.ports(workspaceId).map(({ port }) => port);
  expect(routed?.routes.map(({ port }) => port) ?? []).toEqual(status === 'running' ? ['ide', ...ports] : []);
}

/** Both moments of every step of a plan, but for the end of the last one, which is recorded with the job's own. */
export function pointsOf(plan: readonly StepName[]): Point[] {
  return plan.flatMap((step, index) => [
    { step, moment: 'during' as const },
    ...(index < plan.length - 1 ? [{ step, moment: 'after' as const }] : []),
  ]);
}
