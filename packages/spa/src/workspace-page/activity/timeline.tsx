/** What happened, newest first. */
import type { Activity } from '@tidepool/core';
import { Icon } from '../../components/icon.tsx';
import { StatusShape } from '../../components/status-shape.tsx';
import { formatDuration, formatExact } from '../../workspaces/durations.ts';
import type { Entry } from './group-activity.ts';

const actorWords = { user: 'by you', guest: 'from inside', system: 'by Tidepool' } as const;

export function Timeline({ entries }: { readonly entries: readonly Entry[] }) {
  if (entries.length === 0) return <p className="panel-body help">Nothing yet.</p>;
  return (
    <ol className="timeline">
      {entries.map((entry) => (
        <TimelineEntry key={entry.key} entry={entry} />
      ))}
    </ol>
  );
}

function TimelineEntry({ entry: { head, rest } }: { readonly entry: Entry }) {
  const { at, message, detail, actor } = head;
  const asked = rest.find((row) => row.actor !== 'system')?.actor ?? actor;
  const failed = rest.filter((row) => row.detail.error || row.detail.step?.status === 'failed').length;
  return (
    <li>
      <time dateTime={at} title={formatExact(Date.parse(at))}>
        {formatTime(at)}
      </time>
      <Mark row={head} />
      <span>
        <b>{message}</b> <span className="muted">{actorWords[asked]}</span>
      </span>
      <span className="took">{detail.durationMs !== undefined && formatDuration(detail.durationMs)}</span>
      {rest.length > 0 && (
        <details>
          <summary>
            {rest.length === 1 ? '1 entry' : `${rest.length} entries`}
            {failed > 0 && `, ${failed} failed`}
          </summary>
          <ol className="timeline-rest">
            {rest.map((row) => (
              <li key={row.id}>
                <time dateTime={row.at} title={formatExact(Date.parse(row.at))}>
                  {formatTime(row.at)}
                </time>
                <span>{row.message}</span>
              </li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}

function Mark({ row: { detail, actor } }: { readonly row: Activity }) {
  if (detail.error) return <StatusShape status="error" />;
  if (detail.status) return <StatusShape status={detail.status} />;
  return <Icon name={({ user: 'user', guest: 'bot', system: 'gear' } as const)[actor]} />;
}

function formatTime(at: string): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }).format(Date.parse(at));
}
