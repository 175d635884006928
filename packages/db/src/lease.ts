/** Leases: whose a running job is, until when, and the fence that proves it. */
import { TidepoolError } from '@tidepool/core';
import type { Context } from './context.ts';
import type { JobRow, WorkspaceRow } from './schema.ts';
import type { Holder } from './store.ts';
import type { World } from './world.ts';

/** Void at once when the holder is gone, else when it was not heard of for a lease's length on the monotonic clock. */
export function isLeaseVoid(world: World, job: JobRow): boolean {
  const { leaseBootId: bootId, leasePid: pid, leaseStartTime: startTime, leaseUntilMs } = job;
  if (bootId === null || pid === null || startTime === null || leaseUntilMs === null) return true;
  return !world.isAlive({ bootId, pid, startTime }) || world.monotonicMs() > leaseUntilMs;
}

export function leaseOf(context: Context, holder: Holder) {
  return {
    leaseBootId: holder.bootId,
    leasePid: holder.pid,
    leaseStartTime: holder.startTime,
    leaseUntilMs: leaseEnd(context),
  };
}

export function leaseEnd({ world, leaseMs }: Context): number {
  return world.monotonicMs() + leaseMs;
}

/**
 * The job and its workspace, where `fence` is still the current one.
 * @throws TidepoolError `fence_lost`
 */
export function heldJob(
  { statements }: Context,
  jobId: string,
  fence: number,
): { job: JobRow; workspace: WorkspaceRow } {
  const held = statements.heldJob.get({ id: jobId, fence });
  if (!held) throw new TidepoolError('fence_lost');
  return held;
}
