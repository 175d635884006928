/**
 * A worker without a runtime: sweeps, claims, runs the steps of each job's plan and settles. `wild` fails, retries and
 * dawdles at random until killed; `steady` ends when nothing is open. Says each claim: the workspace and its fence.
 */
import { TidepoolError } from '@tidepool/core';
import { type Claim, createStore, currentHolder, type Settlement } from '../../src/index.ts';
import { argument, begin, say } from './begin.ts';

const [path, manner] = [argument(0), argument(1)];
const store = createStore({ path, budgetMiB: 8192, leaseMs: 2_000 });
const holder = currentHolder();
const wild = manner === 'wild';

begin();
while (wild || store.counts().openJobs > 0) {
  store.workerHeartbeat(holder);
  for (const jobId of store.sweep().jobIds.slice(0, 3)) {
    const result = store.claim(jobId, holder);
    if (result.outcome !== 'claimed') continue;
    say(`${result.claim.workspace.id} ${result.claim.fence}`);
    unlessTakenOver(() => run(result.claim));
  }
  rest(5);
}
store.close();

function run({ job, fence }: Claim): void {
  for (const step of job.plan) {
    if (store.heartbeat(job.id, fence).cancelRequested) {
      store.settle(job.id, fence, { outcome: 'cancelled' });
      return;
    }
    store.stepStarted(job.id, fence, step);
    if (wild) rest(Math.random() * 10);
    store.stepFinished(job.id, fence, step, { ok: true, durationMs: 1 });
  }
  while (!store.settle(job.id, fence, outcome(job.id, fence)).settled);
}

function outcome(jobId: string, fence: number): Settlement {
  const dice = wild ? Math.random() : 1;
  if (dice < 0.1) return { outcome: 'retry', delayMs: 20, code: 'proxy_unavailable', message: 'No answer.' };
  if (dice < 0.2) return { outcome: 'failed', code: 'instance_failed', message: 'It ended.', instanceStopped: true };
  if (dice < 0.25) return { outcome: 'released' };
  return { outcome: 'succeeded', address: '10.0.0.1:8080', portsVersion: store.portsOf(jobId, fence).portsVersion };
}

function unlessTakenOver(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof TidepoolError) || error.code !== 'fence_lost') throw error;
  }
}

function rest(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
