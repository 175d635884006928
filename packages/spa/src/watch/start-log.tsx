/** The workspace's log beside its steps, one click away and live. */
import type { Workspace } from '@tidepool/core';
import { Link } from 'react-router';
import { paths } from '../routing/paths.ts';
import { LogView } from '../workspace-page/logs/log-view.tsx';
import { useLog } from '../workspace-page/logs/use-log.ts';

export function StartLog({ workspace: { id, name } }: { readonly workspace: Pick<Workspace, 'id' | 'name'> }) {
  const { lines, state, problem, isRead } = useLog(id);
  return (
    <section className="start-log" aria-label={`Log of ${name}`}>
      <p className="help" role="status">
        {state === 'cut' && (problem ?? 'Not connected. It goes on once Tidepool answers.')}
        {isRead && lines.length === 0 && state !== 'cut' && 'Nothing has been written yet.'}
      </p>
      {lines.length > 0 && <LogView label={`Log of ${name}`} lines={lines} search="" current={null} isWrapped={true} />}
      <p className="help">
        <Link to={paths.section(name, 'logs')}>All of it</Link>, to search and to keep
      </p>
    </section>
  );
}
