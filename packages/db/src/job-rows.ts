/** Jobs in the database: finding, adding, and showing them as the API does. */
import {
  catalogue,
  isErrorCode,
  type Job,
  type JobKind,
  type JobStatus,
  jobKinds,
  planOf,
  plans,
  type StepName,
} from '@tidepool/core';
import { v7 as uuid } from 'uuid';
import { type Context, timestampNow } from './context.ts';
import { type JobRow, jobs, type WorkspaceRow } from './schema.ts';

/** The kinds that bring a machine up: at most three of these run at once. */
export const startKinds: readonly JobKind[] = jobKinds.filter((kind) => {
  const plan: readonly StepName[] = plans[kind];
  return plan.includes('ensureRunning');
});
const finalStatuses: readonly JobStatus[] = ['succeeded', 'failed', 'cancelled'];

export function isStart(kind: JobKind): boolean {
  return startKinds.includes(kind);
}

export function isFinal(status: JobStatus): boolean {
  return finalStatuses.includes(status);
}

export function findJob({ statements }: Context, id: string): JobRow | undefined {
  return statements.job.get({ id });
}

/** What waits behind the workspace's running job, to which it puts an end. */
export function findWaiting({ statements }: Context, workspaceId: string): JobRow | undefined {
  return statements.jobWaitingIn.get({ id: workspaceId });
}

/** A new job: queued, or waiting where it is `behind` another. */
export function addJob(
  context: Context,
  workspace: Pick<WorkspaceRow, 'id' | 'name' | 'sourceStatus'>,
  kind: JobKind,
  behind: string | null = null,
): JobRow {
  const id = uuid();
  return context.orm
    .insert(jobs)
    .values({
      id,
      workspaceId: workspace.id,
      workspaceName: workspace.name,
      kind,
      status: behind === null ? 'queued' : 'waiting',
      behind,
      plan: planOf(kind, workspace.sourceStatus),
      createdAt: timestampNow(context),
    })
    .returning()
    .get();
}

export function changeJob({ statements }: Context, id: string, change: Partial<Omit<JobRow, 'seq' | 'id'>>): JobRow {
  return statements.changeJob(Object.keys(change)).get({ id, ...change });
}

/** What a job that is not leased has in its lease's columns. */
export const noLease = { leaseBootId: null, leasePid: null, leaseStartTime: null, leaseUntilMs: null } as const;

export function toJob(row: JobRow): Job {
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    workspaceName: row.workspaceName,
    kind: row.kind,
    status: row.status,
    failures: row.failures,
    cancelRequested: row.cancelRequested,
    steps: row.steps,
    plan: row.plan,
    error:
      row.errorCode === null
        ? null
        : { code: row.errorCode, message: row.errorMessage ?? '', fix: fixOf(row.errorCode) },
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
  };
}

/** What a reader can do about an error that was stored. */
export function fixOf(code: string): string {
  return isErrorCode(code) ? catalogue[code].fix : catalogue.internal.fix;
}
