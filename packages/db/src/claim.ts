/**
 * Claiming a job: the lease and the next number of the workspace's fence. What a claim finds left behind by a worker
 * that died, it settles in the same transaction.
 */
import { type Context, timestampNow } from './context.ts';
import { isDue, mustWaitForPlace } from './due-jobs.ts';
import { cancelJob, failJob } from './finish-job.ts';
import { changeJob, findJob, isFinal, toJob } from './job-rows.ts';
import { isLeaseVoid, leaseOf } from './lease.ts';
import { jobDetail, recordActivity } from './record-activity.ts';
import type { JobRow, WorkspaceRow } from './schema.ts';
import type { Claim, ClaimResult, Holder, Jobs } from './store.ts';
import { jobWords } from './wording.ts';
import { findWorkspace, showWorkspace } from './workspace-rows.ts';

/** Leases that may end void before the job itself is taken to be what kills its workers. */
const maxCrashes = 10;

export function createClaim(context: Context): Jobs['claim'] {
  // The first claim of an attempt may be lost when the power fails: what was queued is queued again, and its holder is gone.
  // Its number may be given once more, not twice: a second claim waits for the disk, and so syncs the first.
  return (jobId, holder) => {
    const isFirst = context.read(() => findJob(context, jobId))?.status === 'queued';
    return (isFirst ? context.note : context.write)(() => claim(context, jobId, holder));
  };
}

function claim(context: Context, jobId: string, holder: Holder): ClaimResult {
  const found = findJob(context, jobId);
  if (!found) return notNow('unknown');
  const job = found.status === 'waiting' ? freeFromPredecessor(context, found) : found;
  if (isFinal(job.status)) return notNow('finished');
  if (job.status === 'waiting') return notNow('waiting');
  const workspace = findWorkspace(context, job.workspaceId);
  if (!workspace) throw new Error(`The open job ${job.id} has no workspace.`);
  if (job.status === 'running') {
    if (!isLeaseVoid(context.world, job)) return notNow('leased');
    if (endLeftJob(context, job, workspace)) return notNow('finished');
  } else if (!isDue(job, timestampNow(context))) {
    return notNow('not_due');
  }
  if (mustWaitForPlace(context, job)) {
    // To be sent again as soon as there is a place.
    if (job.sentAt !== null) changeJob(context, job.id, { sentAt: null });
    return notNow('too_many_starts');
  }
  return { outcome: 'claimed', claim: take(context, job, workspace, holder) };
}

type Reason = Extract<ClaimResult, { outcome: 'not_now' }>['reason'];

function notNow(reason: Reason): ClaimResult {
  return { outcome: 'not_now', reason };
}

/** A predecessor whose holder is gone can no longer hand the lock on; so it is taken. */
function freeFromPredecessor(context: Context, waiting: JobRow): JobRow {
  const predecessor = waiting.behind === null ? undefined : findJob(context, waiting.behind);
  if (!predecessor) throw new Error(`The waiting job ${waiting.id} has no predecessor.`);
  if (predecessor.status === 'running' && !isLeaseVoid(context.world, predecessor)) return waiting;
  return cancelJob(context, predecessor) ?? waiting;
}

/** A job left by its holder that is not to go on: it was cancelled, or has killed its worker too often. */
function endLeftJob(context: Context, job: JobRow, workspace: WorkspaceRow): boolean {
  if (job.cancelRequested) {
    cancelJob(context, job);
    return true;
  }
  if (job.crashes + 1 < maxCrashes) return false;
  failJob(context, job, workspace, {
    code: 'crash_loop',
    message: `Its worker ended ${maxCrashes} times while it was at it.`,
    instanceStopped: false,
  });
  return true;
}

function take(context: Context, job: JobRow, workspace: WorkspaceRow, holder: Holder): Claim {
  const fence = workspace.fence + 1;
  context.statements.raiseFence.run({ id: workspace.id, fence });
  const crashed = job.status === 'running';
  const taken = changeJob(context, job.id, {
    ...leaseOf(context, holder),
    status: 'running',
    fence,
    crashes: job.crashes + (crashed ? 1 : 0),
    steps: [],
    notBefore: null,
    putOffAt: null,
    startedAt: job.startedAt ?? timestampNow(context),
  });
  recordActivity(context, {
    type: 'job.claimed',
    workspace,
    message: crashed
      ? `${jobWords[job.kind].claimed}, again: the worker that did it ended`
      : jobWords[job.kind].claimed,
    detail: { job: jobDetail(taken), status: workspace.status, ...(crashed ? { reason: 'worker_ended' } : {}) },
  });
  return {
    job: toJob(taken),
    // The size that was counted when the start was accepted, whatever was asked for since.
    workspace: {
      ...showWorkspace(context, workspace),
      cpus: workspace.allottedCpus,
      memoryMiB: workspace.allottedMiB,
      diskGiB: workspace.allottedDiskGiB,
    },
    fence,
    portsVersion: workspace.portsVersion,
  };
}
