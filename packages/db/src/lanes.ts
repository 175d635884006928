/**
 * Jobs that take long go in lanes, three at a time in each. Machines that come up, and clones: apart from each other, so
 * that a slow repository holds up no start; stop and delete wait for neither.
 */
import { and, eq, gt, inArray, isNull, lte, or, type Placeholder, type SQL, sql } from './drizzle.ts';
import { isStart, startKinds } from './job-rows.ts';
import { type JobRow, jobs } from './schema.ts';

/** Jobs at a time in one lane. */
export const places = 3;
export const lanes = ['clone', 'start'] as const;
export type Lane = (typeof lanes)[number];

/** In a plan, as it is stored. */
const cloning = '%"cloneSource"%';

export function laneOf({ kind, plan }: JobRow): Lane | null {
  if (plan.includes('cloneSource')) return 'clone';
  return isStart(kind) ? 'start' : null;
}

/** The same of rows. */
export function inLane(lane: Lane): SQL {
  return lane === 'clone'
    ? sql`(${jobs.plan} LIKE ${cloning})`
    : sql`(${inArray(jobs.kind, startKinds)} AND ${jobs.plan} NOT LIKE ${cloning})`;
}

/** A retry is due at `notBefore`; or now, where the clock was set back to before the time that was decided. */
export function isQueuedAndDue(now: string | Placeholder): SQL | undefined {
  return and(eq(jobs.status, 'queued'), or(isNull(jobs.notBefore), lte(jobs.notBefore, now), gt(jobs.putOffAt, now)));
}
