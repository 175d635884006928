/** What the worker found and repaired: each a compare-and-set on the workspace's version, while no job is open. */
import { type StopReason, TidepoolError } from '@tidepool/core';
import { type Context, timestampNow } from './context.ts';
import { and, eq, isNull, lt, or } from './drizzle.ts';
import { changeJob, findJob, noLease } from './job-rows.ts';
import { jobDetail, recordActivity } from './record-activity.ts';
import { meta, usage, type WorkspaceRow, workspaces } from './schema.ts';
import type { Observations } from './store.ts';
import { changeWorkspace, findWorkspace } from './workspace-rows.ts';

export function createObservations(
  context: Context,
): Pick<
  Observations,
  | 'foundStopped'
  | 'foundGone'
  | 'foundPaused'
  | 'guardedByVersion'
  | 'lastBoot'
  | 'lookedAfterBoot'
  | 'accessed'
  | 'measured'
  | 'shutDown'
> {
  const { orm, read, write, note } = context;
  return {
    foundStopped: (workspaceId, version, reason, inside = () => undefined) =>
      write(() => {
        const workspace = findWorkspace(context, workspaceId);
        if (!workspace || workspace.version !== version || workspace.lockJobId !== null) return false;
        if (!noteStopped(context, workspace, reason)) return false;
        inside();
        return true;
      }),
    foundGone: (workspaceId, version, isGone) =>
      write(() => {
        const workspace = findWorkspace(context, workspaceId);
        if (workspace?.status !== 'stopped' || workspace.version !== version || workspace.lockJobId !== null)
          return false;
        if ((workspace.stopReason === 'instance_gone') === isGone) return false;
        const stopReason = isGone ? 'instance_gone' : 'requested';
        changeWorkspace(context, workspaceId, { stopReason });
        recordActivity(context, {
          type: 'workspace.reconciled',
          workspace,
          message: isGone ? 'Its machine is gone, and its files with it' : 'Its machine is back',
          detail: { status: workspace.status, reason: stopReason },
        });
        return true;
      }),
    foundPaused: (workspaceId, version) =>
      write(() => {
        const workspace = findWorkspace(context, workspaceId);
        if (!workspace || workspace.version !== version || workspace.status !== 'running') return;
        recordActivity(context, {
          type: 'workspace.reconciled',
          workspace,
          message: 'Found paused: it goes on',
          detail: { status: workspace.status, reason: 'instance_paused' },
        });
      }),
    guardedByVersion: (workspaceName, expected, inside) =>
      write(() => {
        const workspace = orm.select().from(workspaces).where(eq(workspaces.name, workspaceName)).get();
        const asExpected =
          expected === null
            ? workspace === undefined
            : workspace?.id === expected.id && workspace.version === expected.version && workspace.lockJobId === null;
        if (!asExpected) throw new TidepoolError('fence_lost');
        inside();
      }),
    lastBoot: () =>
      read(() => {
        const row = orm.select().from(meta).where(eq(meta.key, lastBootKey)).get();
        if (!row) return null;
        const [bootId = '', ...open] = row.value.split('\n');
        return { bootId, open };
      }),
    lookedAfterBoot: ({ bootId, open }) =>
      write(() => {
        const row = { key: lastBootKey, value: [bootId, ...open].join('\n') };
        orm.insert(meta).values(row).onConflictDoUpdate({ target: meta.key, set: row }).run();
      }),
    accessed: (workspaceId, at) =>
      note(() => {
        const lastAccessedAt = at.toISOString();
        const isLater = or(isNull(workspaces.lastAccessedAt), lt(workspaces.lastAccessedAt, lastAccessedAt));
        orm
          .update(workspaces)
          .set({ lastAccessedAt })
          .where(and(eq(workspaces.id, workspaceId), isLater))
          .run();
      }),
    measured: (rows, at) =>
      note(() => {
        orm.delete(usage).run();
        const measuredAt = at.toISOString();
        for (const row of rows) {
          const measured = { ...row, listening: row.listening && [...row.listening], at: measuredAt };
          orm.insert(usage).values(measured).run();
        }
      }),
    shutDown: (workspaceId, inside = () => undefined) =>
      write(() => {
        const workspace = findWorkspace(context, workspaceId);
        if (!workspace) return false;
        const { lockJobId } = workspace;
        // Only side jobs leave a workspace running while they are open, and without an instance there is nothing to do.
        if (workspace.status === 'running' && lockJobId !== null) dropSideJob(context, workspace, lockJobId);
        if (!noteStopped(context, workspace, 'shutdown')) return false;
        inside();
        return true;
      }),
  };
}

/** Its id, and those of the workspaces that are open from it, a line each. */
const lastBootKey = 'last_boot';

/**
 * A running workspace becomes stopped. One in `error` stays what it is, its message with it, and gives its memory back.
 * @returns whether that was news
 */
function noteStopped(context: Context, workspace: WorkspaceRow, reason: StopReason): boolean {
  if (workspace.status === 'error' && !workspace.instanceStopped) {
    context.orm.update(workspaces).set({ instanceStopped: true }).where(eq(workspaces.id, workspace.id)).run();
    return true;
  }
  if (workspace.status !== 'running') return false;
  changeWorkspace(context, workspace.id, {
    status: 'stopped',
    stopReason: reason,
    address: null,
    instanceStopped: true,
    lockJobId: null,
  });
  recordActivity(context, {
    type: 'workspace.reconciled',
    workspace,
    message: sentences[reason],
    detail: { from: 'running', status: 'stopped', reason },
  });
  return true;
}

const sentences = {
  requested: 'Stopped',
  shutdown: 'Stopped, because Tidepool ended',
  host_restarted: 'Stopped: the host was restarted',
  instance_stopped: 'Found stopped: its machine ended by itself',
  instance_gone: 'Found stopped: its machine is gone, and its files with it',
} as const satisfies Record<StopReason, string>;

function dropSideJob(context: Context, workspace: WorkspaceRow, jobId: string): void {
  const job = findJob(context, jobId);
  if (!job) throw new Error(`The lock of ${workspace.id} is a job that does not exist.`);
  const dropped = changeJob(context, jobId, { ...noLease, status: 'cancelled', finishedAt: timestampNow(context) });
  recordActivity(context, {
    type: 'job.finished',
    workspace,
    message:
      job.kind === 'source'
        ? 'Cloning of its repository cancelled: Tidepool ends. It can be asked for again while it runs'
        : 'Change of its ports cancelled: Tidepool ends. The next start takes it along',
    detail: { job: jobDetail(dropped), status: workspace.status },
  });
}
