/** What a running workspace takes now, as people read it. */
import type { Usage, Workspace } from '@tidepool/core';

/** What was measured longer ago, in milliseconds, is not «now»: the worker is away, or the runtime does not answer. */
const freshMs = 60_000;

/** @param now milliseconds of the server's clock */
export function usageNow({ usage }: Pick<Workspace, 'usage'>, now: number): Usage | null {
  return usage !== null && now - Date.parse(usage.at) < freshMs ? usage : null;
}

/** `0.25`, `1.6`, `12`: more digits than mean something would never stand still. */
export function formatCores(cpus: number): string {
  if (cpus < 0.995) return cpus.toFixed(2);
  return cpus < 9.95 ? cpus.toFixed(1) : String(Math.round(cpus));
}

/** From 0 to 1; more than all is all. */
export function shareOf(taken: number, size: number): number {
  return Math.min(1, Math.max(0, taken / size));
}
