/** The log, followed or held still. */
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../../components/icon.tsx';
import { usePageTitle } from '../../routing/use-page-title.ts';
import { formatExact } from '../../workspaces/durations.ts';
import { usePageWorkspace } from '../workspace-page.tsx';
import { type NumberedLine, useLog } from './use-log.ts';

export function LogsSection() {
  const { id, name } = usePageWorkspace();
  usePageTitle(`Logs of ${name}`);
  const [isFollowing, setFollowing] = useState(true);
  const { lines, problem, isRead } = useLog(id, isFollowing);
  const view = useRef<HTMLDivElement>(null);
  const last = lines.at(-1)?.number;
  useEffect(() => {
    if (isFollowing && last !== undefined) view.current?.scrollTo({ top: view.current.scrollHeight });
  }, [isFollowing, last]);
  return (
    <section className="panel" aria-label={`Logs of ${name}`}>
      <div className="toolbar">
        <button
          type="button"
          className={`button button-small ${isFollowing ? 'button-soft' : 'button-plain'}`}
          aria-pressed={isFollowing}
          onClick={() => setFollowing(!isFollowing)}
        >
          <Icon name="down" /> Follow
        </button>
        <span className="help" role="status">
          {problem ?? (isFollowing ? 'New lines appear by themselves.' : 'Held still. Follow reads it anew.')}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must by keyboard too */}
      <div className="log log-view" ref={view} role="log" aria-live="off" tabIndex={0} aria-label={`Log of ${name}`}>
        {lines.map((line) => (
          <Line key={line.number} line={line} />
        ))}
        {isRead && lines.length === 0 && <p>Nothing has been written yet.</p>}
      </div>
    </section>
  );
}

function Line({ line: { at, level, source, message } }: { readonly line: NumberedLine }) {
  const time = Date.parse(at);
  return (
    <div>
      <time dateTime={at} title={Number.isNaN(time) ? at : formatExact(time)}>
        {Number.isNaN(time) ? at : clockWithMillis.format(time)}
      </time>
      <span className={`level-${level}`}>{level}</span>
      <span className="dim">{source}</span>
      <span>{message}</span>
    </div>
  );
}

const clockWithMillis = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});
