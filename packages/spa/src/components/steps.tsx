/** A job's steps: what is done, what is under way, what is to come, each with its time. */
import type { Job } from '@tidepool/core';
import { useNow } from '../live/use-now.ts';
import { formatDuration } from '../workspaces/durations.ts';
import { type StepRow, stepRows, stepWords } from '../workspaces/step-words.ts';
import { Icon } from './icon.tsx';
import { StatusShape } from './status-shape.tsx';

const stateWords = { wait: 'waiting', now: 'running', done: 'done', failed: 'failed' } as const;

export function Steps({ job, usuallyMs = null }: { readonly job: Job; readonly usuallyMs?: number | null }) {
  const isMoving = job.finishedAt === null;
  const now = useNow(isMoving ? 100 : 10_000);
  const rows = stepRows(job, now);
  const reached = Math.max(...rows.map(({ fromMs, tookMs }) => (fromMs ?? 0) + (tookMs ?? 0)));
  const scale = Math.max(reached, usuallyMs ?? 0, 1);
  return (
    <ol className="steps" aria-label="Steps">
      {rows.map((row) => (
        <li key={row.name} data-step={row.state} aria-current={row.state === 'now' ? 'step' : undefined}>
          <Mark state={row.state} />
          <span className="step-what">
            {stepWords[row.name]}
            <span className="sr">: {stateWords[row.state]}</span>
          </span>
          <span className="step-track" aria-hidden="true">
            {row.fromMs !== null && row.tookMs !== null && (
              <i style={{ left: `${(row.fromMs / scale) * 100}%`, width: `${(row.tookMs / scale) * 100}%` }} />
            )}
          </span>
          <span className="step-time">{row.tookMs !== null && formatDuration(row.tookMs)}</span>
        </li>
      ))}
    </ol>
  );
}

function Mark({ state }: Pick<StepRow, 'state'>) {
  if (state === 'done') return <Icon name="check" />;
  return <StatusShape status={({ wait: 'stopped', now: 'starting', failed: 'error' } as const)[state]} />;
}
