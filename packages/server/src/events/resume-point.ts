/** Where an event stream goes on, from its `Last-Event-ID`: `<database id>-<activity id>`. */

export interface LogBounds {
  readonly databaseId: string;
  /** The oldest kept and the newest ever given; 0 where there is none. */
  readonly first: number;
  readonly last: number;
}

export type ResumePoint =
  /** A first connection: from now on. */
  | { readonly kind: 'fresh'; readonly after: number }
  /** What came after `after`, then from now on. */
  | { readonly kind: 'resume'; readonly after: number }
  /** Something is missing for good: the client reads everything again. */
  | { readonly kind: 'reset'; readonly after: number; readonly reason: ResetReason };

export type ResetReason = 'unknown_id' | 'other_database' | 'pruned' | 'ahead' | 'too_far_behind';

/** More than so many rows cost more to send than to read everything again. */
export const maxReplay = 1_000;

export function resumePoint(lastEventId: string | undefined, bounds: LogBounds): ResumePoint {
  const { databaseId, first, last } = bounds;
  if (lastEventId === undefined || lastEventId === '') return { kind: 'fresh', after: last };
  const reset = (reason: ResetReason): ResumePoint => ({ kind: 'reset', after: last, reason });
  const separator = lastEventId.lastIndexOf('-');
  const number = lastEventId.slice(separator + 1);
  if (separator < 0 || !/^\d{1,15}$/.test(number)) return reset('unknown_id');
  if (lastEventId.slice(0, separator) !== databaseId) return reset('other_database');
  const id = Number(number);
  if (id > last) return reset('ahead');
  if (id < last && (first === 0 || id < first - 1)) return reset('pruned');
  if (last - id > maxReplay) return reset('too_far_behind');
  return { kind: 'resume', after: id };
}

export function eventId(databaseId: string, activityId: number): string {
  return `${databaseId}-${activityId}`;
}
