/** A workspace's status and its instance's state contradict each other. */
import { TidepoolError, type Workspace } from '@tidepool/core';
import type { ReconcileParts } from './reconcile.ts';

/**
 * The workspace is shown running, its instance is not: it is stopped, and its routes are gone in the same transaction.
 * One in `error` stays so, and gives its memory back.
 */
export async function noteStopped(
  { store, runtime, routes, log }: ReconcileParts,
  { id, name, version }: Workspace,
  signal: AbortSignal,
): Promise<void> {
  const instance = await runtime.inspect(id, signal);
  if (instance?.state === 'running') return;
  const reason = instance === null ? 'instance_gone' : 'instance_stopped';
  await routes.replace(name, [], {
    check: () => store.guardedByVersion(name, { id, version }, () => undefined),
    commit(change) {
      if (!store.foundStopped(id, version, reason, change)) throw new TidepoolError('fence_lost');
    },
  });
  log.warn({ workspaceId: id, reason }, 'workspace found stopped');
}

/** The workspace is stopped, its instance runs, and takes memory that is counted as free: it is stopped. */
export async function stopUnwanted(
  { store, runtime, log }: ReconcileParts,
  { id, version }: Workspace,
  signal: AbortSignal,
): Promise<void> {
  const instance = await runtime.inspect(id, signal);
  const current = store.workspace(id);
  if (instance?.state !== 'running' || current?.version !== version || current.jobId !== null) return;
  // Not above the fence it has: a start that was accepted in this moment is not undone.
  await runtime.stop(id, { fence: instance.fence, signal });
  log.warn({ workspaceId: id }, 'instance of a stopped workspace stopped');
}
