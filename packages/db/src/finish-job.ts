/**
 * The ends of a job, each inside the transaction of who ends it (settle, claim, or the acceptance of what puts an end to
 * it): the job's final row, what becomes of the workspace and its lock, and the activity.
 */
import { type Action, type ErrorCode, isSideKind, type SideKind, type Status, transitions } from '@tidepool/core';
import { type Context, timestampNow } from './context.ts';
import { eq } from './drizzle.ts';
import { changeJob, findWaiting, noLease } from './job-rows.ts';
import { jobDetail, recordActivity } from './record-activity.ts';
import { type JobRow, tombstones, type WorkspaceRow, workspaces } from './schema.ts';
import type { Settlement } from './store.ts';
import { jobWords, past } from './wording.ts';
import { changeWorkspace, getWorkspace } from './workspace-rows.ts';

/** The workspace reaches the job's target state. */
export function succeedJob(
  context: Context,
  job: JobRow,
  workspace: WorkspaceRow,
  result: Extract<Settlement, { outcome: 'succeeded' }>,
): void {
  const done = end(context, job, 'succeeded');
  const durationMs = durationOf(done);
  if (job.kind === 'delete') {
    bury(context, done, workspace, durationMs);
    return;
  }
  const after = isSideKind(job.kind) ? {} : reached(context, job.kind, result);
  const { status } = changeWorkspace(context, workspace.id, { ...after, lockJobId: null });
  recordActivity(context, {
    type: isSideKind(job.kind) ? 'job.finished' : 'workspace.settled',
    workspace,
    message: jobWords[job.kind].done,
    detail: { job: jobDetail(done), from: workspace.status, status, durationMs },
  });
}

/**
 * The workspace goes to `error`. A failed side job leaves it running: its editor and terminals are well. Reconciling puts
 * its routes right, and its source says that it failed.
 */
export function failJob(
  context: Context,
  job: JobRow,
  workspace: WorkspaceRow,
  failure: { readonly code: ErrorCode; readonly message: string; readonly instanceStopped: boolean },
): void {
  const { code, message, instanceStopped } = failure;
  const failed = end(context, job, 'failed', failure);
  const after = isSideKind(job.kind)
    ? failedSource(job.kind, workspace, failure)
    : {
        status: 'error' as const,
        errorCode: code,
        errorMessage: message,
        errorAction: job.kind,
        // What is known to be stopped was not started by a stop or a delete that failed.
        instanceStopped: instanceStopped || workspace.instanceStopped,
        address: null,
      };
  const { status } = changeWorkspace(context, workspace.id, { ...after, lockJobId: null });
  recordActivity(context, {
    type: isSideKind(job.kind) ? 'job.finished' : 'workspace.settled',
    workspace,
    message: `Could not ${jobWords[job.kind].verb}: ${message}`,
    detail: {
      job: jobDetail(failed),
      from: workspace.status,
      status,
      error: { code, message },
      durationMs: durationOf(failed),
    },
  });
}

/**
 * Ends a job that another put an end to, and hands the lock to that one where it waits behind it. The status stays.
 * @param asked what the other does, where it does not wait
 * @returns the other, now queued
 */
export function cancelJob(context: Context, job: JobRow, asked: Action = 'delete'): JobRow | undefined {
  const cancelled = end(context, job, 'cancelled');
  const waiting = findWaiting(context, job.workspaceId);
  const by = waiting === undefined || isSideKind(waiting.kind) ? asked : waiting.kind;
  const next = waiting && changeJob(context, waiting.id, { status: 'queued', behind: null });
  if (next) {
    context.orm.update(workspaces).set({ lockJobId: next.id }).where(eq(workspaces.id, job.workspaceId)).run();
  }
  recordActivity(context, {
    type: 'job.finished',
    workspace: { id: job.workspaceId, name: job.workspaceName },
    message: `Cancelled, because it is being ${past[by]}`,
    detail: { job: jobDetail(cancelled), durationMs: durationOf(cancelled) },
  });
  if (job.kind === 'source') leaveUncloned(context, job.workspaceId, by);
  return next;
}

/** A clone that was ended in the middle may be asked for again; one that is in its folder already stays. */
function leaveUncloned(context: Context, workspaceId: string, by: Action): void {
  const workspace = getWorkspace(context, workspaceId);
  if (by === 'delete' || workspace.sourceStatus !== 'waiting') return;
  changeWorkspace(context, workspaceId, {
    sourceStatus: 'failed',
    sourceErrorCode: 'source_stopped',
    sourceErrorMessage: `It was ${past[by]} before its repository was cloned.`,
  });
}

function end(
  context: Context,
  job: JobRow,
  status: 'succeeded' | 'failed' | 'cancelled',
  error: { readonly code: ErrorCode; readonly message: string } | null = null,
): JobRow {
  return changeJob(context, job.id, {
    ...noLease,
    status,
    behind: null,
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? null,
    notBefore: null,
    putOffAt: null,
    finishedAt: timestampNow(context),
  });
}

/** A job that ends before its clone did has not cloned: also one that found no machine, or ended its worker. */
function failedSource(
  kind: SideKind,
  { sourceStatus }: WorkspaceRow,
  { code, message }: { readonly code: ErrorCode; readonly message: string },
) {
  if (kind !== 'source' || sourceStatus === 'cloned') return {};
  return { sourceStatus: 'failed' as const, sourceErrorCode: code, sourceErrorMessage: message };
}

/** What the workspace's row says once it got where the job was to bring it. */
function reached(
  context: Context,
  kind: 'create' | 'start' | 'stop' | 'restart',
  { address = null, stopReason = 'requested' }: Extract<Settlement, { outcome: 'succeeded' }>,
) {
  const status: Status = transitions[kind].to;
  if (status === 'stopped') return { status, stopReason, address: null, instanceStopped: true };
  return { status, address, startedAt: timestampNow(context), instanceStopped: false };
}

/** The row goes, its ports with it; the tombstone stays for ever. */
function bury(context: Context, job: JobRow, workspace: WorkspaceRow, durationMs: number): void {
  const { id, name } = workspace;
  context.orm.delete(workspaces).where(eq(workspaces.id, id)).run();
  context.orm
    .insert(tombstones)
    .values({ workspaceId: id, name, deletedAt: timestampNow(context) })
    .run();
  recordActivity(context, {
    type: 'workspace.gone',
    workspace,
    message: jobWords.delete.done,
    detail: { job: jobDetail(job), from: workspace.status, durationMs },
  });
}

/** Milliseconds from acceptance to the end. */
function durationOf(job: JobRow): number {
  return Math.max(0, Date.parse(job.finishedAt ?? job.createdAt) - Date.parse(job.createdAt));
}
