/** Where the bars of steps lie: those that ran, and where the others are to be expected. */
import type { StepName } from '@tidepool/core';
import type { StepRow } from '../workspaces/step-words.ts';

/** In milliseconds, for each step that has run on this host before. */
export type UsualSteps = Partial<Record<StepName, number>>;

export interface StepBar extends StepRow {
  /** How long it usually takes, in milliseconds; null where it has not run here yet. */
  readonly usualMs: number | null;
  /** Where it is expected, of one that waits; and how far one is expected to go that is under way. */
  readonly expected: { readonly fromMs: number; readonly forMs: number } | null;
}

export function stepBars(rows: readonly StepRow[], usual: UsualSteps): readonly StepBar[] {
  let endMs = 0;
  return rows.map((row) => {
    const usualMs = usual[row.name] ?? null;
    const isAhead = row.state === 'wait' || row.state === 'now';
    const fromMs = row.fromMs ?? endMs;
    const forMs = isAhead ? Math.max(row.tookMs ?? 0, usualMs ?? 0) : (row.tookMs ?? 0);
    endMs = fromMs + forMs;
    return { ...row, usualMs, expected: isAhead && usualMs !== null ? { fromMs, forMs } : null };
  });
}

/** In milliseconds: what is shorter does not fill the width, and its axis needs no more than one digit. */
const leastSpan = 250;

/** How much time the whole width stands for, in milliseconds. */
export function chartSpan(bars: readonly StepBar[], usuallyMs: number | null): number {
  const ends = bars.map(({ fromMs, tookMs, expected }) =>
    Math.max((fromMs ?? 0) + (tookMs ?? 0), (expected?.fromMs ?? 0) + (expected?.forMs ?? 0)),
  );
  return Math.max(leastSpan, usuallyMs ?? 0, ...ends);
}

/** Round times along the axis, in milliseconds, from 0: three to six. */
export function axisTicks(spanMs: number): readonly number[] {
  const rough = spanMs / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? power;
  return Array.from({ length: Math.floor(spanMs / step) + 1 }, (_, index) => index * step);
}

/** `0`, `0.5`, `20`: seconds with no more digits than `stepMs` needs. */
export function formatTick(ms: number, stepMs: number): string {
  if (ms === 0) return '0';
  return (ms / 1_000).toFixed(stepMs < 100 ? 2 : stepMs < 1_000 ? 1 : 0);
}
