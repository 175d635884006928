/** Says that what is shown may not be true any more, and since when. */
import { StatusShape } from '../components/status-shape.tsx';
import { useConnection } from '../live/hooks.ts';
import { useNow } from '../live/use-now.ts';
import { useServices } from '../services/services.ts';
import { formatClock } from '../workspaces/durations.ts';

export function ConnectionBanner() {
  const connection = useConnection();
  return (
    <div role="alert">
      {connection.state === 'lost' && <Banner since={connection.since} nextTryAt={connection.nextTryAt} />}
    </div>
  );
}

function Banner({ since, nextTryAt }: { readonly since: number; readonly nextTryAt: number | null }) {
  const { reconnect } = useServices();
  return (
    <div className="banner">
      <StatusShape status="stopping" />
      <p>
        <b>
          Not connected since <time dateTime={new Date(since).toISOString()}>{formatClock(since)}</time>.
        </b>{' '}
        You see what was true then; editors that are open go on.{' '}
        <span aria-live="off">{nextTryAt === null ? 'Trying now.' : <NextTry at={nextTryAt} />}</span>
      </p>
      <button type="button" className="button button-plain button-small" onClick={reconnect}>
        Try now
      </button>
    </div>
  );
}

function NextTry({ at }: { readonly at: number }) {
  useNow(1_000);
  return `Next try in ${Math.max(0, Math.ceil((at - Date.now()) / 1_000))} s.`;
}
