/** How long creates and starts usually take, so that a page can say how long is left. */
import { and, desc, eq } from 'drizzle-orm';
import type { Context } from './context.ts';
import { jobs } from './schema.ts';
import type { Reads } from './store.ts';

/** Medians of the last so many. */
const sample = 20;

export function typicalTimes(context: Context): ReturnType<Reads['typical']> {
  return { createMs: median(durations(context, 'create')), startMs: median(durations(context, 'start')) };
}

/** Milliseconds from acceptance to success. */
function durations({ orm }: Context, kind: 'create' | 'start'): number[] {
  return orm
    .select({ createdAt: jobs.createdAt, finishedAt: jobs.finishedAt })
    .from(jobs)
    .where(and(eq(jobs.kind, kind), eq(jobs.status, 'succeeded')))
    .orderBy(desc(jobs.finishedAt))
    .limit(sample)
    .all()
    .map(({ createdAt, finishedAt }) => Math.max(0, Date.parse(finishedAt ?? createdAt) - Date.parse(createdAt)));
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
