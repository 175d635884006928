/** A job's steps: what is done, what is under way against its usual time, what is to come and when. */
import type { Host, Job } from '@tidepool/core';
import { useNow } from '../live/use-now.ts';
import { formatAbout, formatDuration } from '../workspaces/durations.ts';
import { type StepRow, stepRows, stepStates, stepWords } from '../workspaces/step-words.ts';
import { Icon } from './icon.tsx';
import { StatusShape } from './status-shape.tsx';
import { axisTicks, chartSpan, formatTick, type StepBar, stepBars } from './step-chart.ts';

export interface StepsProps {
  readonly job: Job;
  /** How long each step usually takes on this host. */
  readonly typical?: Pick<Host['typical'], 'steps'>;
  /** How long all of it does, in milliseconds. Given: with an axis. */
  readonly usuallyMs?: number | null;
}

export function Steps({ job, typical, usuallyMs }: StepsProps) {
  const isMoving = job.finishedAt === null;
  const now = useNow(isMoving ? movingMs() : 10_000);
  // Of what has ended, nothing more is to be expected.
  const bars = stepBars(stepRows(job, now), (isMoving && typical?.steps) || {});
  const span = chartSpan(bars, usuallyMs ?? null);
  const share = (ms: number) => `${(ms / span) * 100}%`;
  return (
    <div className="steps-chart">
      {usuallyMs !== undefined && <Axis span={span} usuallyMs={usuallyMs} share={share} />}
      <ol className="steps" aria-label="Steps">
        {bars.map((bar) => (
          <li key={bar.name} data-step={bar.state} aria-current={bar.state === 'now' ? 'step' : undefined}>
            <StepMark state={bar.state} />
            <span className="step-what">
              {stepWords[bar.name]}
              {bar.state !== 'cut' && <span className="sr">: {stepStates[bar.state]}</span>}
            </span>
            <span className="step-track" aria-hidden="true">
              {bar.expected && (
                <i
                  className="step-expected"
                  style={{ left: share(bar.expected.fromMs), width: share(bar.expected.forMs) }}
                />
              )}
              {bar.fromMs !== null && bar.tookMs !== null && (
                <i style={{ left: share(bar.fromMs), width: share(bar.tookMs) }} />
              )}
              {usuallyMs != null && <i className="step-usual" style={{ left: share(usuallyMs) }} />}
            </span>
            <span className="step-time">
              <StepTime bar={bar} />
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** How often what moves is drawn anew, in milliseconds: who asked for less motion sees whole seconds only. */
function movingMs(): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 1_000 : 100;
}

interface AxisProps {
  readonly span: number;
  readonly usuallyMs: number | null;
  readonly share: (ms: number) => string;
}

function Axis({ span, usuallyMs, share }: AxisProps) {
  const ticks = axisTicks(span);
  const stepMs = ticks[1] ?? span;
  return (
    <div className="axis" aria-hidden="true">
      <div>
        {ticks
          .filter((ms) => usuallyMs === null || Math.abs(ms - usuallyMs) > span / 9)
          .map((ms) => (
            <span key={ms} style={{ left: share(ms) }}>
              {formatTick(ms, stepMs)}
            </span>
          ))}
        {usuallyMs !== null && (
          <span className="axis-usual" style={{ left: share(usuallyMs) }}>
            usual
          </span>
        )}
      </div>
    </div>
  );
}

function StepTime({ bar: { state, tookMs, usualMs } }: { readonly bar: StepBar }) {
  if (state === 'cut') return stepStates.cut;
  if (tookMs === null) return usualMs !== null && <span className="dim">~{formatAbout(usualMs)}</span>;
  if (state !== 'now' || usualMs === null) return formatDuration(tookMs);
  return (
    <>
      {formatDuration(tookMs)} <span className="dim">of ~{formatAbout(usualMs)}</span>
    </>
  );
}

export function StepMark({ state }: Pick<StepRow, 'state'>) {
  if (state === 'done') return <Icon name="check" />;
  if (state === 'cut') return <Icon name="x" />;
  const status = { wait: 'stopped', never: 'stopped', now: 'starting', failed: 'error' } as const;
  return <StatusShape status={status[state]} />;
}
