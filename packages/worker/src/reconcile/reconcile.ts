/**
 * Compares workspaces, instances and routes, and repairs what differs. In this order against races: workspaces with their
 * versions first, the runtime second; a workspace with an open job is left alone; before a repair that one instance is
 * looked at again; every repair is a compare-and-set on the version.
 */
import type { WorkspaceRoutes } from '@tidepool/caddy';
import { TidepoolError, type Workspace } from '@tidepool/core';
import type { Instance } from '@tidepool/runtime';
import type { Parts } from '../parts.ts';
import { clearOrphan } from './clear-orphan.ts';
import { noteStopped, stopUnwanted } from './mend-instance.ts';
import { mendRoutes, removeStrayRoutes, removeUnownedRoutes } from './mend-routes.ts';

export type ReconcileParts = Pick<Parts, 'store' | 'runtime' | 'routes' | 'log'>;

export interface Reconciled {
  /** Instances that belong to no workspace, and of which no delete is known: reported, never removed. */
  readonly unknownInstances: readonly string[];
}

/** @throws `runtime_unavailable` where the runtime does not answer; nothing is concluded from its silence */
export async function reconcile(parts: ReconcileParts, signal: AbortSignal): Promise<Reconciled> {
  const { store, runtime, routes } = parts;
  const workspaces = store.allWorkspaces();
  const instances = new Map((await runtime.list(signal)).map((instance) => [instance.id, instance]));
  const routed = new Map((await routes.list()).map((entry) => [entry.workspace, entry]));

  for (const workspace of workspaces) {
    const instance = instances.get(workspace.id) ?? null;
    const present = routed.get(workspace.name) ?? null;
    instances.delete(workspace.id);
    routed.delete(workspace.name);
    if (workspace.jobId !== null) continue;
    await attempt(parts, workspace.id, signal, () => mend(parts, workspace, instance, present, signal));
  }
  for (const name of routed.keys()) {
    await attempt(parts, null, signal, () => removeUnownedRoutes(parts, name));
  }
  const unknownInstances: string[] = [];
  for (const instance of instances.values()) {
    await attempt(parts, instance.id, signal, async () => {
      if ((await clearOrphan(parts, instance, signal)) === 'unknown') unknownInstances.push(instance.id);
    });
  }
  return { unknownInstances };
}

async function mend(
  parts: ReconcileParts,
  workspace: Workspace,
  instance: Instance | null,
  present: WorkspaceRoutes | null,
  signal: AbortSignal,
): Promise<void> {
  if (workspace.status === 'running') {
    if (instance?.state === 'running') await mendRoutes(parts, workspace, instance, present, signal);
    else await noteStopped(parts, workspace, signal);
    return;
  }
  if (present !== null) await removeStrayRoutes(parts, workspace);
  if (workspace.status === 'stopped' && instance?.state === 'running') await stopUnwanted(parts, workspace, signal);
  // Its memory is counted until its instance is known not to run.
  if (workspace.status === 'error' && instance?.state !== 'running') await noteStopped(parts, workspace, signal);
}

/** One repair that fails leaves the others; one that lost a race has nothing to repair any more. */
async function attempt(
  { log }: ReconcileParts,
  workspaceId: string | null,
  signal: AbortSignal,
  repair: () => Promise<void>,
): Promise<void> {
  try {
    await repair();
  } catch (error) {
    signal.throwIfAborted();
    const overtaken = error instanceof TidepoolError && error.code === 'fence_lost';
    if (overtaken) log.debug({ workspaceId }, 'repair overtaken by a job');
    else log.warn({ err: error, workspaceId }, 'repair failed');
  }
}
