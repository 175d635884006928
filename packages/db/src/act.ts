/**
 * Accepting start, stop, restart, delete and retry: from → via with lock, job and activity at once. Whether one may is
 * core's table to say; that nothing else is at work is the lock's.
 */
import { type Action, type Actor, can, type Job, putsAnEndTo, transitions, type Workspace } from '@tidepool/core';
import { ensureDiskHasRoom, ensureFits } from './capacity.ts';
import type { Context } from './context.ts';
import { cancelJob } from './finish-job.ts';
import { acceptOnce } from './idempotency.ts';
import { addJob, changeJob, findJob, findWaiting, isStart, toJob } from './job-rows.ts';
import { jobDetail, recordActivity } from './record-activity.ts';
import { inTheWay, wrongStatus } from './refusals.ts';
import type { JobRow, WorkspaceRow } from './schema.ts';
import type { Requests } from './store.ts';
import { jobWords } from './wording.ts';
import { changeWorkspace, getWorkspace, showWorkspace } from './workspace-rows.ts';

type AskedVerb = Parameters<Requests['act']>[1];

export function createAct(context: Context): Requests['act'] {
  return (ref, verb, request) => {
    const once = () =>
      acceptOnce(context, request, () => accept(context, getWorkspace(context, ref), verb, request.actor));
    // What frees space has to be possible on a full disk.
    return verb === 'stop' || verb === 'delete' ? context.reserve.spendOn(once) : once();
  };
}

function accept(
  context: Context,
  workspace: WorkspaceRow,
  verb: AskedVerb,
  actor: Actor,
): { workspace: Workspace; job: Job } {
  const lock = workspace.lockJobId === null ? undefined : findJob(context, workspace.lockJobId);
  const waiting = findWaiting(context, workspace.id);
  const inItsWay = waiting ?? lock;
  if (inItsWay && (workspace.status === 'deleting' || !putsAnEndTo(verb, inItsWay.kind))) {
    throw inTheWay(context, inItsWay);
  }
  const action = actionOf(context, workspace, verb);
  if (isStart(action)) {
    ensureFits(context, workspace.memoryMiB, workspace.id);
    ensureDiskHasRoom(context);
  }
  if (waiting) cancelJob(context, waiting, action);
  const job = lock ? addBeside(context, workspace, lock, action) : addJob(context, workspace, action);
  const { via } = transitions[action];
  const row = changeWorkspace(context, workspace.id, {
    status: via,
    errorCode: null,
    errorMessage: null,
    errorAction: null,
    stopReason: null,
    ...(job.status === 'queued' ? { lockJobId: job.id } : {}),
    ...(isStart(action) ? allotment(workspace) : {}),
  });
  recordActivity(context, {
    type: 'workspace.requested',
    actor,
    workspace,
    message: jobWords[action].requested,
    detail: { job: jobDetail(job), from: workspace.status, status: via },
  });
  return { workspace: showWorkspace(context, row), job: toJob(job) };
}

/** What the start was counted with, and will be given. */
function allotment({ cpus, memoryMiB, diskGiB }: WorkspaceRow) {
  return { allottedCpus: cpus, allottedMiB: memoryMiB, allottedDiskGiB: diskGiB, instanceStopped: false };
}

function actionOf(context: Context, workspace: WorkspaceRow, verb: AskedVerb): Action {
  const { status, errorAction } = workspace;
  const subject = { status, error: errorAction === null ? null : { action: errorAction } };
  if (!can(verb, subject)) throw wrongStatus(context, workspace, verb);
  if (verb !== 'retry') return verb;
  if (errorAction === null) throw new Error('A failed workspace knows what failed.');
  return errorAction;
}

/**
 * A job beside the one that it puts an end to. One that nobody has claimed ends here, and the new one goes at once. A
 * running one is asked to end and keeps the lock, which it hands on when it does; should its holder be gone, the claim
 * of the new one takes it.
 */
function addBeside(context: Context, workspace: WorkspaceRow, lock: JobRow, action: Action): JobRow {
  if (lock.status === 'queued') {
    cancelJob(context, lock, action);
    return addJob(context, workspace, action);
  }
  changeJob(context, lock.id, { cancelRequested: true });
  return addJob(context, workspace, action, lock.id);
}
