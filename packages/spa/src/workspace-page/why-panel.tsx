/** Why it is in this state, and since when: what ended it, or the steps of the start that it runs from. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Actor, StopReason, Workspace } from '@tidepool/core';
import { Panel } from '../components/panel.tsx';
import { activityQuery } from '../live/queries.ts';
import { useServices } from '../services/services.ts';
import { formatDuration } from '../workspaces/durations.ts';
import { Since } from '../workspaces/since.tsx';
import { type Entry, groupActivity } from './activity/group-activity.ts';
import { Waterfall } from './activity/waterfall.tsx';

const stopReasons = {
  requested: 'It was stopped on request. Its files stay.',
  shutdown: 'Tidepool ended, and ended it in good order. Its files stay.',
  host_restarted: 'The host was restarted while it ran. Its files stay.',
  instance_stopped: 'Its machine ended by itself, from inside or by the host. Its files stay; the log may say why.',
  instance_gone: 'Its machine is gone, and its files with it. A start makes a new one, which is empty.',
} as const satisfies Record<StopReason, string>;

const actorWords = { user: 'You', guest: 'Something inside', system: 'Tidepool' } as const satisfies Record<
  Actor,
  string
>;

export function WhyPanel({ workspace }: { readonly workspace: Workspace }) {
  const { status, stopReason, statusSince } = workspace;
  if (status !== 'running' && status !== 'stopped') return null;
  return (
    <Panel title={status === 'running' ? 'Why it runs' : 'Why it is stopped'}>
      <div className="panel-body stack-small">
        {status === 'running' && <Started workspace={workspace} />}
        {status === 'stopped' && (
          <p>
            {stopReason && stopReasons[stopReason]}
            <span className="muted">
              {' '}
              Stopped <Since at={statusSince} />.
            </span>
          </p>
        )}
      </div>
    </Panel>
  );
}

function Started({ workspace: { id, startedAt } }: { readonly workspace: Workspace }) {
  const { data } = useInfiniteQuery(activityQuery(useServices(), id));
  const cause = startOf(groupActivity(data?.pages[0]?.items ?? []));
  const durationMs = cause?.head.detail.durationMs;
  return (
    <>
      <p>
        {cause && cause.actor !== 'system' ? `${actorWords[cause.actor]} started it` : 'It was started'}{' '}
        {startedAt !== null && <Since at={startedAt} />}
        {durationMs !== undefined && (
          <>
            ; ready after <span className="mono">{formatDuration(durationMs)}</span>
          </>
        )}
        .
      </p>
      {cause && cause.steps.length > 0 && <Waterfall steps={cause.steps} now={Date.parse(cause.head.at)} />}
    </>
  );
}

/** The newest entry that ended in running; null where it is too long ago to be known here. */
function startOf(entries: readonly Entry[]): Entry | null {
  return entries.find(({ head }) => head.type.startsWith('workspace.') && isStart(head.detail)) ?? null;
}

/** Its size may have been changed since: that tells the state too, but is not why. */
function isStart({ status, job, from, reason }: Entry['head']['detail']): boolean {
  return status === 'running' && (job !== undefined || from !== undefined || reason !== undefined);
}
