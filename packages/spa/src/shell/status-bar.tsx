/** On every page: whether it is live, what is under way, which versions. */
import { Link } from 'react-router';
import { StatusShape } from '../components/status-shape.tsx';
import { useConnection, useHost } from '../live/hooks.ts';
import { useUnderWay } from '../live/under-way.ts';
import { paths } from '../routing/paths.ts';
import { plural } from '../workspaces/durations.ts';
import { jobWords } from '../workspaces/step-words.ts';

const faces = {
  connecting: { shape: 'starting', words: 'Connecting' },
  live: { shape: 'running', words: 'Live' },
  lost: { shape: 'stopping', words: 'Not connected' },
} as const;

export function StatusBar() {
  const { state } = useConnection();
  const { host } = useHost();
  const { shape, words } = faces[state];
  return (
    <footer className="status-bar">
      <span className="status">
        <StatusShape status={shape} /> {words}
      </span>
      <UnderWay isStale={state === 'lost'} />
      {host && (
        <span className="versions">
          {host.observed && `${host.observed.runtime.kind} · `}Tidepool {host.versions.tidepool}
        </span>
      )}
    </footer>
  );
}

function UnderWay({ isStale }: { readonly isStale: boolean }) {
  const { jobs } = useUnderWay();
  if (jobs.length === 0) return <span className="grow">{isStale ? '' : 'Nothing is changing'}</span>;
  const shown = jobs.slice(0, 3);
  return (
    <Link className="grow" to={paths.host()}>
      {isStale ? 'There were ' : ''}
      {plural(jobs.length, 'job')}:{' '}
      {shown.map(({ id, kind, workspaceName }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          {jobWords[kind].toLowerCase()} <span className="mono">{workspaceName}</span>
        </span>
      ))}
      {jobs.length > shown.length && ` and ${jobs.length - shown.length} more`}
    </Link>
  );
}
