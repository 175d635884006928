/** The log of what happened, one entry per job: its steps and retries belong to it, and are not news of their own. */
import type { Activity } from '@tidepool/core';

export interface Entry {
  readonly key: string;
  /** How it ended; for what has not, how it began. */
  readonly head: Activity;
  /** What led to it, oldest first; empty for what is no job. */
  readonly rest: readonly Activity[];
}

/** @param rows newest first, as the API lists them */
export function groupActivity(rows: readonly Activity[]): readonly Entry[] {
  const groups = Map.groupBy(rows, ({ id, detail }) => detail.job?.id ?? `row-${id}`);
  return [...groups].flatMap(([key, [newest, ...older]]) => {
    if (!newest) return [];
    const all = [newest, ...older];
    const head = all.find(({ type }) => ends.has(type)) ?? older.at(-1) ?? newest;
    // A step's end says more than its beginning.
    const rest = all.filter((row) => row !== head && !isRepeated(row)).reverse();
    return [{ key, head, rest }];
  });
}

const ends: ReadonlySet<Activity['type']> = new Set(['workspace.settled', 'workspace.gone', 'job.finished']);

function isRepeated({ detail }: Activity): boolean {
  return detail.step?.status === 'running';
}
