/** Ending a job, or giving it back: via → to or error, lock, job and activity in one transaction, under the fence. */
import type { Context } from './context.ts';
import { jobsForPlaceOf } from './due-jobs.ts';
import { cancelJob, failJob, succeedJob } from './finish-job.ts';
import { changeJob, noLease } from './job-rows.ts';
import { heldJob } from './lease.ts';
import { jobDetail, recordActivity } from './record-activity.ts';
import type { JobRow, WorkspaceRow } from './schema.ts';
import type { Jobs, Settlement } from './store.ts';
import { inSeconds, jobWords } from './wording.ts';

export function createSettle(context: Context): Jobs['settle'] {
  return (jobId, fence, settlement) =>
    // Whoever waits for a success waits for no disk: were it lost with the power, its steps would find their work done.
    (settlement.outcome === 'succeeded' ? context.note : context.write)(() => {
      const { job, workspace } = heldJob(context, jobId, fence);
      if (isStale(job, workspace, settlement)) return { settled: false, reason: 'stale_routes', next: [] };
      const next = apply(context, job, workspace, settlement);
      return { settled: true, next: [...next, ...jobsForPlaceOf(context, job)] };
    });
}

/** Whether ports changed since `ensureRoutes` looked. */
function isStale(job: JobRow, workspace: WorkspaceRow, settlement: Settlement): boolean {
  return (
    settlement.outcome === 'succeeded' &&
    !job.cancelRequested &&
    job.plan.includes('ensureRoutes') &&
    (settlement.portsVersion ?? 0) < workspace.portsVersion
  );
}

/** @returns the job that may go in its place */
function apply(context: Context, job: JobRow, workspace: WorkspaceRow, settlement: Settlement): string[] {
  // Whatever it got done, another has put an end to it, and waits for the lock.
  if (job.cancelRequested || settlement.outcome === 'cancelled') return idsOf(cancelJob(context, job));
  switch (settlement.outcome) {
    case 'succeeded':
      succeedJob(context, job, workspace, settlement);
      return [];
    case 'failed':
      failJob(context, job, workspace, settlement);
      return [];
    case 'retry':
      giveBackForLater(context, job, workspace, settlement);
      return [];
    case 'released':
      giveBack(context, job, workspace);
      return [job.id];
  }
}

function idsOf(job: JobRow | undefined): string[] {
  return job ? [job.id] : [];
}

function giveBackForLater(
  context: Context,
  job: JobRow,
  workspace: WorkspaceRow,
  { delayMs, code, message }: Extract<Settlement, { outcome: 'retry' }>,
): void {
  const now = context.world.now();
  const queued = changeJob(context, job.id, {
    ...noLease,
    status: 'queued',
    failures: job.failures + 1,
    notBefore: new Date(now.getTime() + delayMs).toISOString(),
    putOffAt: now.toISOString(),
    sentAt: null,
  });
  recordActivity(context, {
    type: 'job.retrying',
    workspace,
    message: `Could not ${jobWords[job.kind].verb} yet, trying again in ${inSeconds(delayMs)}: ${message}`,
    detail: { job: jobDetail(queued), status: workspace.status, error: { code, message } },
  });
}

function giveBack(context: Context, job: JobRow, workspace: WorkspaceRow): void {
  const queued = changeJob(context, job.id, { ...noLease, status: 'queued', sentAt: null });
  recordActivity(context, {
    type: 'job.retrying',
    workspace,
    message: 'The worker ends; the next one goes on',
    detail: { job: jobDetail(queued), status: workspace.status, reason: 'worker_ends' },
  });
}
