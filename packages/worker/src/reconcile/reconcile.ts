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
import { giveMemoryBack, goOn, noteDisk, noteStopped, stopUnwanted } from './mend-instance.ts';
import { mendRoutes, removeStrayRoutes, removeUnownedRoutes } from './mend-routes.ts';

export type ReconcileParts = Pick<Parts, 'store' | 'runtime' | 'routes' | 'holder' | 'log'>;

export interface Reconciled {
  /** Instances that belong to no workspace, and of which no delete is known: reported, never removed. */
  readonly unknownInstances: readonly string[];
}

/** @throws `runtime_unavailable` where the runtime does not answer; nothing is concluded from its silence */
export async function reconcile(parts: ReconcileParts, signal: AbortSignal): Promise<Reconciled> {
  const { store, runtime, routes } = parts;
  const repair = (workspaceId: string | null, run: () => Promise<void>) => attempt(parts, workspaceId, signal, run);
  const boot = lookAfterBoot(parts);
  const workspaces = store.allWorkspaces();
  const instances = new Map((await runtime.list(signal)).map((instance) => [instance.id, instance]));
  const routed = new Map((await routes.list(signal)).map((entry) => [entry.workspace, entry]));

  for (const workspace of workspaces) {
    const instance = instances.get(workspace.id) ?? null;
    const present = routed.get(workspace.name) ?? null;
    instances.delete(workspace.id);
    routed.delete(workspace.name);
    const stoppedBy = boot.stoppedBy(workspace.id);
    const isMended =
      workspace.jobId === null &&
      (await repair(workspace.id, () => mend(parts, { workspace, instance, present, stoppedBy }, signal)));
    if (!isMended) boot.notCompared(workspace);
  }
  for (const name of routed.keys()) {
    await repair(null, () => removeUnownedRoutes(parts, name, signal));
  }
  const unknownInstances: string[] = [];
  for (const instance of instances.values()) {
    await repair(instance.id, async () => {
      if ((await clearOrphan(parts, instance, signal)) === 'unknown') unknownInstances.push(instance.id);
    });
  }
  boot.note();
  return { unknownInstances };
}

/**
 * What is found stopped at its first look after a boot of the host was stopped by it. What cannot be looked at stays open
 * for that look; all else is settled, so that a later end is not laid to the boot.
 */
function lookAfterBoot({ store, holder: { bootId } }: ReconcileParts) {
  const last = store.lastBoot();
  const isNew = last?.bootId !== bootId;
  const isOpen = (id: string) => last !== null && (isNew || last.open.includes(id));
  const open: string[] = [];
  return {
    stoppedBy: (id: string): StopReason => (isOpen(id) ? 'host_restarted' : 'instance_stopped'),
    /** One that is not shown running is about to have another run, or none. */
    notCompared({ id, status }: Workspace): void {
      if (status === 'running' && isOpen(id)) open.push(id);
    },
    note(): void {
      if (isNew || last.open.length !== open.length) store.lookedAfterBoot({ bootId, open });
    },
  };
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
  if (present !== null) await removeStrayRoutes(parts, workspace, signal);
  if (workspace.status === 'stopped') {
    if (holdsMemory) await stopUnwanted(parts, workspace, signal);
    const isShownGone = workspace.stopReason === 'instance_gone';
    if (isShownGone !== (instance === null)) await noteDisk(parts, workspace, signal);
  }
  if (workspace.status === 'error' && !holdsMemory) await giveMemoryBack(parts, workspace, signal);
}

/**
 * One repair that fails leaves the others; one that lost a race has nothing to repair any more.
 * @returns whether it was carried out
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
    return false;
  }
}
