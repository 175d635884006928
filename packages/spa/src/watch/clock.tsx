/** How long it has taken, and how long it usually does. */
import type { Job } from '@tidepool/core';
import { useNow } from '../live/use-now.ts';
import { formatAbout, formatDuration } from '../workspaces/durations.ts';
import { elapsedMs } from '../workspaces/step-words.ts';

/** So many times the usual is longer than usual. */
const longTimes = 2;

export function Clock({ job, usuallyMs }: { readonly job: Job; readonly usuallyMs: number | null }) {
  const isMoving = job.finishedAt === null;
  const elapsed = elapsedMs(job, useNow(isMoving ? 100 : 10_000));
  const isLong = isMoving && usuallyMs !== null && elapsed > usuallyMs * longTimes;
  return (
    <p className="clock">
      <b>{formatDuration(elapsed)}</b>
      {usuallyMs !== null && (
        <span className="muted">
          usually about {formatAbout(usuallyMs)}
          {isLong && '. It takes longer now; the log may say why.'}
        </span>
      )}
    </p>
  );
}
