/**
 * Compares workspaces, instances and routes, and repairs what differs. In this order against races: workspaces with their
 * versions first, the runtime second; a workspace with an open job is left alone; before a repair that one instance is
 * looked at again; every repair is a compare-and-set on the version.
 */
import type { WorkspaceRoutes } from '@tidepool/caddy';
import { type StopReason, TidepoolError, type Workspace } from '@tidepool/core';
import type { Instance } from '@tidepool/runtime';
import type { Parts } from '../parts.ts';
import { clearOrphan } from './clear-orphan.ts';
import { goOn, noteStopped, stopUnwanted } from './mend-instance.ts';
import { mendRoutes, removeStrayRoutes, removeUnownedRoutes } from './mend-routes.ts';

export type ReconcileParts = Pick<Parts, 'store' | 'runtime' | 'routes' | 'holder' | 'log'>;

export interface Reconciled {
  /** Instances that belong to no workspace, and of which no delete is known: reported, never removed. */
  readonly unknownInstances: readonly string[];
}

/** @throws `runtime_unavailable` where the runtime does not answer; nothing is concluded from its silence */
export async function reconcile(parts: ReconcileParts, signal: AbortSignal): Promise<Reconciled> {
  const { store, runtime, routes, holder } = parts;
  // What is found stopped at the first look after a boot was stopped by it.
  const lastBoot = store.lastBoot();
  const isNewBoot = lastBoot !== holder.bootId;
  const stoppedBy: StopReason = isNewBoot && lastBoot !== null ? 'host_restarted' : 'instance_stopped';
  let isComplete = true;
  const repair = async (workspaceId: string | null, run: () => Promise<void>) => {
    if (!(await attempt(parts, workspaceId, signal, run))) isComplete = false;
  };
  const workspaces = store.allWorkspaces();
  const instances = new Map((await runtime.list(signal)).map((instance) => [instance.id, instance]));
  const routed = new Map((await routes.list()).map((entry) => [entry.workspace, entry]));

  for (const workspace of workspaces) {
    const instance = instances.get(workspace.id) ?? null;
    const present = routed.get(workspace.name) ?? null;
    instances.delete(workspace.id);
    routed.delete(workspace.name);
    if (workspace.jobId !== null) continue;
    await repair(workspace.id, () => mend(parts, { workspace, instance, present, stoppedBy }, signal));
  }
  for (const name of routed.keys()) {
    await repair(null, () => removeUnownedRoutes(parts, name));
  }
  const unknownInstances: string[] = [];
  for (const instance of instances.values()) {
    await repair(instance.id, async () => {
      if ((await clearOrphan(parts, instance, signal)) === 'unknown') unknownInstances.push(instance.id);
    });
  }
  if (isNewBoot && isComplete) store.settledInBoot(holder.bootId);
  return { unknownInstances };
}

interface Compared {
  readonly workspace: Workspace;
  readonly instance: Instance | null;
  readonly present: WorkspaceRoutes | null;
  /** Why it is stopped, where its instance is. */
  readonly stoppedBy: StopReason;
}

async function mend(
  parts: ReconcileParts,
  { workspace, instance, present, stoppedBy }: Compared,
  signal: AbortSignal,
): Promise<void> {
  const holdsMemory = instance !== null && instance.state !== 'stopped';
  if (workspace.status === 'running') {
    if (instance?.state === 'paused') await goOn(parts, workspace, signal);
    if (instance !== null && holdsMemory) await mendRoutes(parts, workspace, instance, present, signal);
    else await noteStopped(parts, workspace, stoppedBy, signal);
    return;
  }
  if (present !== null) await removeStrayRoutes(parts, workspace);
  if (workspace.status === 'stopped' && holdsMemory) await stopUnwanted(parts, workspace, signal);
  // Its memory is counted until its instance is known not to run.
  if (workspace.status === 'error' && !holdsMemory) await noteStopped(parts, workspace, stoppedBy, signal);
}

/**
 * One repair that fails leaves the others; one that lost a race has nothing to repair any more.
 * @returns whether there is nothing left to do
 */
async function attempt(
  { log }: ReconcileParts,
  workspaceId: string | null,
  signal: AbortSignal,
  repair: () => Promise<void>,
): Promise<boolean> {
  try {
    await repair();
    return true;
  } catch (error) {
    signal.throwIfAborted();
    const overtaken = error instanceof TidepoolError && error.code === 'fence_lost';
    if (overtaken) log.debug({ workspaceId }, 'repair overtaken by a job');
    else log.warn({ err: error, workspaceId }, 'repair failed');
    return overtaken;
  }
}
