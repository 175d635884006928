/** What happened, newest first: who, what, how long; a job opens to its steps. */
import { type Actor, transient } from '@tidepool/core';
import { Icon } from '../../components/icon.tsx';
import { StatusShape } from '../../components/status-shape.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { useNow } from '../../live/use-now.ts';
import { formatDuration, formatExact, formatTime, plural } from '../../workspaces/durations.ts';
import type { Entry } from './group-activity.ts';
import { Waterfall } from './waterfall.tsx';

const actorWords = { user: 'by you', guest: 'from inside', system: 'by Tidepool' } as const satisfies Record<
  Actor,
  string
>;
const actorIcons = { user: 'user', guest: 'bot', system: 'gear' } as const;

export interface TimelineProps {
  readonly entries: readonly Entry[];
  /** Whether the steps of a job at work are open from the start. */
  readonly opensWork?: boolean;
}

export function Timeline({ entries, opensWork = false }: TimelineProps) {
  if (entries.length === 0) return <p className="panel-body help">Nothing yet.</p>;
  return (
    <ol className="timeline">
      {entries.map((entry) => (
        <TimelineEntry key={entry.key} entry={entry} opensWork={opensWork} />
      ))}
    </ol>
  );
}

function TimelineEntry({ entry, opensWork }: { readonly entry: Entry; readonly opensWork: boolean }) {
  const { head, actor, steps, retries, state } = entry;
  return (
    <li>
      <Clock at={head.at} />
      <Mark entry={entry} />
      <span>
        <b>{head.message}</b> <span className="muted">{actorWords[actor]}</span>
      </span>
      <span className="took">{head.detail.durationMs !== undefined && formatDuration(head.detail.durationMs)}</span>
      {steps.length + retries.length > 0 && (
        <details open={opensWork && state === 'open'}>
          <summary>{detailWords(entry)}</summary>
          {steps.length > 0 && <Steps entry={entry} />}
          {retries.map(({ id, at, message }) => (
            <p key={id} className="timeline-retry">
              <Clock at={at} /> {message}
            </p>
          ))}
        </details>
      )}
    </li>
  );
}

/** Only what moves is drawn again as time goes by. */
function Steps({ entry: { steps, state, head } }: { readonly entry: Entry }) {
  return state === 'open' ? <MovingSteps steps={steps} /> : <Waterfall steps={steps} now={Date.parse(head.at)} />;
}

function MovingSteps({ steps }: Pick<Entry, 'steps'>) {
  return <Waterfall steps={steps} now={useNow(100)} />;
}

function Clock({ at }: { readonly at: string }) {
  const time = Date.parse(at);
  return (
    <Tooltip text={formatExact(time)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time is for keyboards too */}
      <time dateTime={at} tabIndex={0}>
        {formatTime(time)}
      </time>
    </Tooltip>
  );
}

function detailWords({ steps, retries }: Entry): string {
  const failed = steps.filter(({ state }) => state === 'failed').length;
  const parts = [plural(steps.length, 'step')];
  if (failed > 0) parts.push(`${failed} failed`);
  if (retries.length > 0) parts.push(`tried ${retries.length + 1} times`);
  return parts.join(', ');
}

function Mark({ entry: { head, actor, state } }: { readonly entry: Entry }) {
  if (state === 'failed' || head.detail.error) return <StatusShape status="error" />;
  const { status } = head.detail;
  // What was said in passing, such as another size while it started, is over: nothing of it turns any more.
  const isOver = state !== 'open' && status !== undefined && transient.includes(status);
  if (status && !isOver && !head.type.startsWith('port.')) return <StatusShape status={status} />;
  return <Icon name={actorIcons[actor]} />;
}
