/** The steps of a job that is told of, each as a bar at its time: what waited for what, and what took long. */
import { Icon } from '../../components/icon.tsx';
import { StatusShape } from '../../components/status-shape.tsx';
import { formatDuration } from '../../workspaces/durations.ts';
import { stepWords } from '../../workspaces/step-words.ts';
import type { EntryStep } from './group-activity.ts';

const stateWords = { running: 'running', succeeded: 'done', failed: 'failed' } as const;

/** @param now milliseconds of the server's clock */
export function Waterfall({ steps, now }: { readonly steps: readonly EntryStep[]; readonly now: number }) {
  const begin = Math.min(...steps.map(({ startedAt }) => startedAt));
  const tookMs = ({ durationMs, startedAt }: EntryStep) => durationMs ?? Math.max(0, now - startedAt);
  const whole = Math.max(1, ...steps.map((step) => step.startedAt - begin + tookMs(step)));
  return (
    <ol className="steps" aria-label="Steps">
      {steps.map((step) => (
        <li key={step.id} data-step={{ running: 'now', succeeded: 'done', failed: 'failed' }[step.status]}>
          <Mark status={step.status} />
          <span className="step-what">
            {stepWords[step.name]}
            <span className="sr">: {stateWords[step.status]}</span>
          </span>
          <span className="step-track" aria-hidden="true">
            <i
              style={{
                left: `${((step.startedAt - begin) / whole) * 100}%`,
                width: `${(tookMs(step) / whole) * 100}%`,
              }}
            />
          </span>
          <span className="step-time">{formatDuration(tookMs(step))}</span>
        </li>
      ))}
    </ol>
  );
}

function Mark({ status }: Pick<EntryStep, 'status'>) {
  if (status === 'succeeded') return <Icon name="check" />;
  return <StatusShape status={status === 'running' ? 'starting' : 'error'} />;
}
