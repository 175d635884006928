/**
 * The Git repository that a workspace may begin with: asking for it again where it could not be cloned, and what became
 * of it. The first time is a part of the create.
 */
import { type Actor, type Job, TidepoolError, type Workspace, whyNotClone } from '@tidepool/core';
import type { Context } from './context.ts';
import { acceptOnce } from './idempotency.ts';
import { addJob, findJob, toJob } from './job-rows.ts';
import { heldJob } from './lease.ts';
import { jobDetail, recordActivity } from './record-activity.ts';
import { inTheWay } from './refusals.ts';
import type { WorkspaceRow } from './schema.ts';
import type { Jobs, Requests } from './store.ts';
import { jobWords } from './wording.ts';
import { changeWorkspace, getWorkspace, showWorkspace } from './workspace-rows.ts';

export function createSourceRequests(context: Context): Pick<Requests, 'cloneSource'> {
  return {
    cloneSource: (ref, request) =>
      acceptOnce(context, request, () => accept(context, getWorkspace(context, ref), request.actor)),
  };
}

function accept(context: Context, workspace: WorkspaceRow, actor: Actor): { workspace: Workspace; job: Job } {
  const lock = workspace.lockJobId === null ? undefined : findJob(context, workspace.lockJobId);
  if (lock) throw inTheWay(context, lock);
  const { status } = workspace;
  const detail = whyNotClone(showWorkspace(context, workspace));
  if (detail !== undefined) throw new TidepoolError('wrong_status', { detail });
  const job = addJob(context, workspace, 'source');
  const row = changeWorkspace(context, workspace.id, {
    lockJobId: job.id,
    sourceStatus: 'waiting',
    sourceErrorCode: null,
    sourceErrorMessage: null,
  });
  recordActivity(context, {
    type: 'job.accepted',
    actor,
    workspace,
    message: jobWords.source.requested,
    detail: { job: jobDetail(job), status },
  });
  return { workspace: showWorkspace(context, row), job: toJob(job) };
}

export function createSourceResults(context: Context): Pick<Jobs, 'sourceCloned' | 'sourceFailed'> {
  return {
    sourceCloned: (jobId, fence) =>
      context.write(() => {
        const { job, workspace } = heldJob(context, jobId, fence);
        changeWorkspace(context, workspace.id, {
          sourceStatus: 'cloned',
          sourceErrorCode: null,
          sourceErrorMessage: null,
        });
        recordActivity(context, {
          type: 'workspace.changed',
          workspace,
          message: `Its project folder has ${named(workspace)}`,
          detail: { job: jobDetail(job), status: workspace.status },
        });
      }),
    sourceFailed: (jobId, fence, { code, message }) =>
      context.write(() => {
        const { job, workspace } = heldJob(context, jobId, fence);
        changeWorkspace(context, workspace.id, {
          sourceStatus: 'failed',
          sourceErrorCode: code,
          sourceErrorMessage: message,
        });
        recordActivity(context, {
          type: 'workspace.changed',
          workspace,
          message: `Could not clone ${named(workspace)}: ${message}`,
          detail: { job: jobDetail(job), status: workspace.status, error: { code, message } },
        });
      }),
  };
}

function named({ sourceGit, sourceRef }: WorkspaceRow): string {
  return sourceRef === null ? `${sourceGit}` : `${sourceGit}, ${sourceRef}`;
}
