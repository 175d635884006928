/** The steps of a job that is told of, each as a bar at its time: what waited for what, and what took long. */
import { StepMark } from '../../components/steps.tsx';
import { formatDuration } from '../../workspaces/durations.ts';
import { stepStates, stepWords } from '../../workspaces/step-words.ts';
import type { EntryStep } from './group-activity.ts';

/** @param now milliseconds of the server's clock */
export function Waterfall({ steps, now }: { readonly steps: readonly EntryStep[]; readonly now: number }) {
  const begin = Math.min(...steps.map(({ startedAt }) => startedAt));
  const tookMs = ({ durationMs, startedAt }: EntryStep) => durationMs ?? Math.max(0, now - startedAt);
  const whole = Math.max(1, ...steps.map((step) => step.startedAt - begin + tookMs(step)));
  return (
    <ol className="steps" aria-label="Steps">
      {steps.map((step) => (
        <li key={step.id} data-step={step.state}>
          <StepMark state={step.state} />
          <span className="step-what">
            {stepWords[step.name]}
            {step.state !== 'cut' && <span className="sr">: {stepStates[step.state]}</span>}
          </span>
          <span className="step-track" aria-hidden="true">
            <i
              style={{
                left: `${((step.startedAt - begin) / whole) * 100}%`,
                width: `${(tookMs(step) / whole) * 100}%`,
              }}
            />
          </span>
          <span className="step-time">{step.state === 'cut' ? stepStates.cut : formatDuration(tookMs(step))}</span>
        </li>
      ))}
    </ol>
  );
}
