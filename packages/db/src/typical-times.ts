/** How long jobs and their steps usually take, so that a page can say how long is left. */
import type { Host, JobKind, StepName } from '@tidepool/core';
import type { Context } from './context.ts';
import { and, desc, eq, sql } from './drizzle.ts';
import { startKinds } from './job-rows.ts';
import { type JobRow, jobs } from './schema.ts';

/** Medians of the last so many. */
const sample = 20;

export function typicalTimes(context: Context): Host['typical'] {
  const duration = (kind: JobKind) => median(lastOf(context, [kind]).map(durationOf));
  return {
    createMs: duration('create'),
    startMs: duration('start'),
    stopMs: duration('stop'),
    steps: stepTimes(lastOf(context, startKinds)),
  };
}

function lastOf({ orm }: Context, kinds: readonly JobKind[]): JobRow[] {
  return kinds
    .flatMap((kind) =>
      orm
        .select()
        .from(jobs)
        // In so many words: an index of some of the rows serves only who is seen to ask for these.
        .where(and(eq(jobs.kind, kind), sql`${jobs.status} = 'succeeded'`))
        .orderBy(desc(jobs.finishedAt))
        .limit(sample)
        .all(),
    )
    .toSorted((one, other) => (other.finishedAt ?? '').localeCompare(one.finishedAt ?? ''))
    .slice(0, sample);
}

/** Milliseconds from acceptance to success, without the clone: how long that takes is the repository's own. */
function durationOf({ createdAt, finishedAt, steps }: JobRow): number {
  const cloneMs = steps.find(({ name }) => name === 'cloneSource')?.durationMs ?? 0;
  return Math.max(0, Date.parse(finishedAt ?? createdAt) - Date.parse(createdAt) - cloneMs);
}

function stepTimes(rows: readonly JobRow[]): Host['typical']['steps'] {
  const times = new Map<StepName, number[]>();
  for (const { name, durationMs } of rows.flatMap(({ steps }) => steps)) {
    if (durationMs !== null && name !== 'cloneSource') times.set(name, [...(times.get(name) ?? []), durationMs]);
  }
  return Object.fromEntries([...times].map(([name, all]) => [name, median(all) ?? 0]));
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
