/** The host's memory and disk: who holds some, and whether a start fits. Asked inside the transaction that accepts the start. */
import { type Capacity, startNeedsDiskMiB, TidepoolError } from '@tidepool/core';
import type { Context } from './context.ts';
import { and, asc, eq, ne, sql } from './drizzle.ts';
import { host, workspaces } from './schema.ts';

export function capacityOf(context: Context): Capacity {
  const usedMiB = heldMiB(context);
  return { budgetMiB: context.budgetMiB, usedMiB, freeMiB: Math.max(0, context.budgetMiB - usedMiB) };
}

/**
 * Refuses a start on a disk that is nearly full now. No worker has looked at the host yet: none is refused.
 * @throws TidepoolError `disk_full`
 */
export function ensureDiskHasRoom({ orm, world, directory }: Context): void {
  if (orm.select({ id: host.id }).from(host).get() === undefined) return;
  const freeMiB = world.freeMiB(directory);
  if (freeMiB >= startNeedsDiskMiB) return;
  throw new TidepoolError('disk_full', {
    detail: `${freeMiB} MiB of disk are free; nothing is started below ${startNeedsDiskMiB} MiB.`,
    fix: 'Delete a workspace that is no longer needed, or free some space in the home of Tidepool, then try again.',
  });
}

/**
 * Refuses a start of `memoryMiB` that does not fit beside all others than `workspaceId`.
 * @throws TidepoolError `exceeds_capacity`; `capacity_exhausted`, with whom to stop in `stop`
 */
export function ensureFits(context: Context, memoryMiB: number, workspaceId?: string): void {
  ensureWithinBudget(context, memoryMiB);
  const free = context.budgetMiB - heldMiB(context, workspaceId);
  if (memoryMiB <= free) return;
  const stop = whomToStop(context, workspaceId);
  throw new TidepoolError('capacity_exhausted', {
    detail: `It needs ${memoryMiB} MiB; ${Math.max(0, free)} of ${context.budgetMiB} MiB are free.`,
    fix: stop
      ? `Stop "${stop.name}", then start this one.`
      : 'Wait until another workspace has stopped, then try again.',
    extra: { stop },
  });
}

/** @throws TidepoolError `exceeds_capacity` */
export function ensureWithinBudget({ budgetMiB }: Context, memoryMiB: number): void {
  if (memoryMiB <= budgetMiB) return;
  throw new TidepoolError('exceeds_capacity', {
    detail: `It asks for ${memoryMiB} MiB; this host gives its workspaces ${budgetMiB} MiB together.`,
    fix: `Ask for at most ${budgetMiB} MiB.`,
    fields: [{ field: 'body.memoryMiB', message: `At most ${budgetMiB} MiB on this host.` }],
  });
}

function heldMiB({ statements }: Context, exceptId?: string): number {
  // No workspace has an empty id.
  return statements.held.get({ id: exceptId ?? '' })?.MiB ?? 0;
}

/** The running workspace least recently accessed; its start counts where nobody has been there yet. */
function whomToStop(
  { orm }: Context,
  exceptId?: string,
): { id: string; name: string; lastAccessedAt: string | null } | null {
  const row = orm
    .select({ id: workspaces.id, name: workspaces.name, lastAccessedAt: workspaces.lastAccessedAt })
    .from(workspaces)
    .where(and(eq(workspaces.status, 'running'), exceptId === undefined ? undefined : ne(workspaces.id, exceptId)))
    .orderBy(asc(sql`coalesce(${workspaces.lastAccessedAt}, ${workspaces.startedAt})`), asc(workspaces.id))
    .limit(1)
    .get();
  return row ?? null;
}
