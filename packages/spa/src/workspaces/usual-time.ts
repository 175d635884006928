/** How long a job usually takes on this host. */
import type { Host, JobKind } from '@tidepool/core';

/** In milliseconds; null for what was not measured. A restart is a stop and a start. */
export function usualMs({ createMs, startMs, stopMs }: Host['typical'], kind: JobKind): number | null {
  if (kind === 'create') return createMs;
  if (kind === 'start') return startMs;
  if (kind === 'stop') return stopMs;
  return kind === 'restart' && stopMs !== null && startMs !== null ? stopMs + startMs : null;
}
