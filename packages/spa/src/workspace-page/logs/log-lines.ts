/** The lines in view, across connections: what a new one sends again is left out, and where it does not join is said. */
import type { LogLine } from '@tidepool/core';

export interface NumberedLine extends LogLine {
  /** Ascending; of this view alone. */
  readonly number: number;
  /** The connection was cut before it, and lines may be missing there. */
  readonly isAfterGap: boolean;
}

/** More would cost memory without being read. */
const kept = 10_000;
/** As many lines alike, one after the other, are the same place. */
const overlap = 5;

export function addLines(known: readonly NumberedLine[], fresh: readonly LogLine[], hasGap = false) {
  const next = (known.at(-1)?.number ?? 0) + 1;
  const added = fresh.map((line, index): NumberedLine => {
    return { ...line, number: next + index, isAfterGap: hasGap && index === 0 };
  });
  return [...known, ...added].slice(-kept);
}

/** @param fresh the end of the log as a new connection reads it, with what came since */
export function resumeLines(known: readonly NumberedLine[], fresh: readonly LogLine[]): readonly NumberedLine[] {
  if (known.length === 0) return addLines(known, fresh);
  const joint = jointOf(known, fresh);
  return joint === null ? addLines(known, fresh, true) : addLines(known, fresh.slice(joint));
}

/** Where in `fresh` what is not known begins; null where they do not join. */
function jointOf(known: readonly LogLine[], fresh: readonly LogLine[]): number | null {
  const end = known.slice(-Math.min(overlap, known.length, Math.max(1, fresh.length)));
  for (let joint = fresh.length; joint >= end.length; joint -= 1) {
    if (end.every((line, index) => isSame(line, fresh[joint - end.length + index]))) return joint;
  }
  return null;
}

/** Not by time: a line that has none of its own may be dated otherwise the next time. */
function isSame(one: LogLine, other: LogLine | undefined): boolean {
  return one.message === other?.message && one.level === other.level && one.source === other.source;
}
