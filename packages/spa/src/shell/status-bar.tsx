/** On every page: whether it is live, what is under way, which versions. */
import { transient } from '@tidepool/core';
import { StatusShape } from '../components/status-shape.tsx';
import { useConnection, useHost, useKnown } from '../live/hooks.ts';
import { statusWords } from '../workspaces/status-words.ts';

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
      <Changes />
      {host && (
        <span className="versions">
          {host.observed && `${host.observed.runtime.kind} · `}Tidepool {host.versions.tidepool}
        </span>
      )}
    </footer>
  );
}

function Changes() {
  const byId = useKnown((state) => state.workspaces);
  const changing = [...byId.values()].filter(({ status }) => transient.includes(status));
  const shown = changing.slice(0, 3);
  return (
    <span className="grow">
      {changing.length === 0 && 'Nothing is changing'}
      {shown.map(({ id, name, status }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          {index === 0 ? statusWords[status] : statusWords[status].toLowerCase()} <span className="mono">{name}</span>
        </span>
      ))}
      {changing.length > shown.length && ` and ${changing.length - shown.length} more`}
    </span>
  );
}
