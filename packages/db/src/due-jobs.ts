/**
 * Which jobs may go now: the outbox after a request, the sweep that sends again what was lost, and the start that gets
 * the place another left. The row says when a job is due; the queue is only told.
 */
import { type Context, timestampNow } from './context.ts';
import { and, asc, eq, gt, inArray, isNull, lte, not, or, type SQL } from './drizzle.ts';
import { inLane, isQueuedAndDue, type Lane, laneOf, lanes, places } from './lanes.ts';
import { isLeaseVoid } from './lease.ts';
import { type JobRow, jobs } from './schema.ts';
import type { Jobs, Requests } from './store.ts';

/** Milliseconds after which the queue is taken to have lost a message. A second one does no harm. */
const resendMs = 10_000;

export function createDueJobs(context: Context): Pick<Requests, 'outbox' | 'sent'> & Pick<Jobs, 'sweep'> {
  const { orm, read, note } = context;
  return {
    outbox: (limit) =>
      read(() =>
        orm
          .select({ id: jobs.id })
          .from(jobs)
          .where(and(mayGo(context, timestampNow(context)), isNull(jobs.sentAt)))
          .orderBy(asc(jobs.seq))
          .limit(limit)
          .all(),
      ),
    sent: (jobId) =>
      note(() => {
        // A worker may have claimed it before its sender comes to say so: what runs, or waits, is sent by other rules.
        context.statements.sent.run({ id: jobId, now: timestampNow(context) });
      }),
    sweep: (now = context.world.now()) => read(() => ({ jobIds: sweep(context, now) })),
  };
}

/** Whether it may not run yet because three others of its kind do. One that runs already has its place. */
export function mustWaitForPlace(context: Context, job: JobRow): boolean {
  const lane = laneOf(job);
  return lane !== null && freePlaces(context, lane, job.id) <= 0;
}

/** Those that have waited longest for the place that this job leaves, as many as there are places. */
export function jobsForPlaceOf(context: Context, job: JobRow): string[] {
  const lane = laneOf(job);
  const free = lane === null ? 0 : freePlaces(context, lane);
  if (lane === null || free <= 0) return [];
  const next = context.statements.nextInLane[lane].all({ now: timestampNow(context), limit: free });
  return next.map((row) => row.id);
}

export function isDue(job: JobRow, now: string): boolean {
  return job.notBefore === null || job.notBefore <= now || (job.putOffAt !== null && job.putOffAt > now);
}

function sweep(context: Context, now: Date): string[] {
  const resendBefore = new Date(now.getTime() - resendMs).toISOString();
  const wasSentLongAgo = or(isNull(jobs.sentAt), lte(jobs.sentAt, resendBefore), gt(jobs.sentAt, now.toISOString()));
  const candidates = context.orm
    .select()
    .from(jobs)
    .where(or(inArray(jobs.status, ['running', 'waiting']), and(wasSentLongAgo, mayGo(context, now.toISOString()))))
    .orderBy(asc(jobs.seq))
    .all();
  const left = new Set(leftJobs(context).map((job) => job.id));
  return candidates
    .filter((job) => {
      // A job that was cancelled ends by the claim of the one behind it.
      if (job.status === 'running') return left.has(job.id) && !job.cancelRequested;
      if (job.status === 'waiting') return job.behind === null || left.has(job.behind);
      return true;
    })
    .map((job) => job.id);
}

/** Running jobs whose holder is gone or has not been heard of. */
function leftJobs(context: Context): JobRow[] {
  const running = context.orm.select().from(jobs).where(eq(jobs.status, 'running')).all();
  return running.filter((job) => isLeaseVoid(context.world, job));
}

/** Queued, due, and with a place to go to. */
function mayGo(context: Context, now: string): SQL | undefined {
  const full = lanes.filter((lane) => freePlaces(context, lane) <= 0);
  return and(isQueuedAndDue(now), ...full.map((lane) => not(inLane(lane))));
}

function freePlaces({ statements }: Context, lane: Lane, exceptId?: string): number {
  // No job has an empty id.
  return places - (statements.atWorkInLane[lane].get({ id: exceptId ?? '' })?.n ?? 0);
}
