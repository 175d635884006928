/** A workspace's status and its instance's state contradict each other. */
import type { Guard } from '@tidepool/caddy';
import { type StopReason, TidepoolError, type Workspace } from '@tidepool/core';
import type { Instance } from '@tidepool/runtime';
import type { ReconcileParts } from './reconcile.ts';

/** The workspace is shown running, its instance is not: it is stopped, and its routes are gone in the same transaction. */
export async function noteStopped(
  { store, runtime, routes, log }: ReconcileParts,
  { id, name, version }: Workspace,
  stoppedBy: StopReason,
  signal: AbortSignal,
): Promise<void> {
  const instance = await lookAt(runtime, id, signal);
  if (holdsMemory(instance)) return;
  const reason = instance === null ? 'instance_gone' : stoppedBy;
  const guard: Guard = {
    check: () => store.guardedByVersion(name, { id, version }, () => undefined),
    commit(change) {
      if (!store.foundStopped(id, version, reason, change)) throw new TidepoolError('fence_lost');
    },
  };
  await routes.replace(name, [], guard, signal);
  log.warn({ workspaceId: id, reason }, 'workspace found stopped');
}

/** A stopped workspace whose machine was lost, or has been put back: it is shown so. One that never ran has lost nothing. */
export async function noteDisk(
  { store, runtime, log }: ReconcileParts,
  { id, version, startedAt }: Workspace,
  signal: AbortSignal,
): Promise<void> {
  if (startedAt === null) return;
  const instance = await lookAt(runtime, id, signal);
  if (instance === 'renamed') return;
  const isGone = instance === null;
  if (store.foundGone(id, version, isGone)) log.warn({ workspaceId: id, isGone }, 'machine of a stopped workspace');
}

/** The workspace is in `error` and has no routes: it stays so, and its memory is counted until its instance is known not to run. */
export async function giveMemoryBack(
  { store, runtime, log }: ReconcileParts,
  { id, version }: Workspace,
  signal: AbortSignal,
): Promise<void> {
  if (holdsMemory(await lookAt(runtime, id, signal))) return;
  if (store.foundStopped(id, version, 'instance_stopped')) log.warn({ workspaceId: id }, 'memory given back');
}

/** The workspace is shown running, somebody froze its instance: it goes on. */
export async function goOn(
  { store, runtime, log }: ReconcileParts,
  { id, version }: Workspace,
  signal: AbortSignal,
): Promise<void> {
  const instance = await runtime.inspect(id, signal);
  const current = store.workspace(id);
  if (instance?.state !== 'paused' || current?.version !== version || current.jobId !== null) return;
  // Not above the fence it has: a job that begins meanwhile knows better.
  await runtime.resume(id, { fence: instance.fence, signal });
  store.foundPaused(id, version);
  log.warn({ workspaceId: id }, 'workspace found paused, goes on');
}

/** The workspace is stopped, its instance runs or is paused, and takes memory that is counted as free: it is stopped. */
export async function stopUnwanted(
  { store, runtime, log }: ReconcileParts,
  { id, version }: Workspace,
  signal: AbortSignal,
): Promise<void> {
  const instance = await runtime.inspect(id, signal);
  const current = store.workspace(id);
  if (instance === null || instance.state === 'stopped' || current?.version !== version || current.jobId !== null)
    return;
  // Not above the fence it has: a start that was accepted in this moment is not undone.
  await runtime.stop(id, { fence: instance.fence, signal });
  log.warn({ workspaceId: id }, 'instance of a stopped workspace stopped');
}

type Seen = Instance | 'renamed' | null;

/** `renamed`: somebody gave it a name of theirs, for which it had to be stopped. Its files are there; a start says how it gets its name back. */
async function lookAt(runtime: ReconcileParts['runtime'], id: string, signal: AbortSignal): Promise<Seen> {
  try {
    return await runtime.inspect(id, signal);
  } catch (error) {
    if (error instanceof TidepoolError && error.code === 'instance_foreign') return 'renamed';
    throw error;
  }
}

function holdsMemory(seen: Seen): boolean {
  return seen !== null && seen !== 'renamed' && seen.state !== 'stopped';
}
