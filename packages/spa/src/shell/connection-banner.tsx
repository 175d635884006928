/** Says that what is shown may not be true any more, since when, and when it is looked again. */
import { useEffect, useRef, useState } from 'react';
import { StatusShape } from '../components/status-shape.tsx';
import type { Connection } from '../live/connection.ts';
import { useConnection } from '../live/hooks.ts';
import { hasNetwork } from '../live/network.ts';
import { useNow } from '../live/use-now.ts';
import { useServices } from '../services/services.ts';
import { formatClock } from '../workspaces/durations.ts';

type Lost = Extract<Connection, { state: 'lost' }>;

export function ConnectionBanner() {
  const connection = useConnection();
  const wasLost = useRef(false);
  const [isBack, setBack] = useState(false);
  const { state } = connection;
  useEffect(() => {
    if (state === 'live') setBack(wasLost.current);
    if (state === 'lost') setBack(false);
    wasLost.current = state === 'lost';
  }, [state]);
  return (
    <>
      <div role="alert">
        {connection.state === 'lost' && (connection.isSignedOut === true ? <SignedOut /> : <Banner {...connection} />)}
      </div>
      <p className="sr" role="status">
        {isBack && 'Connected again. What you see is true now.'}
      </p>
    </>
  );
}

function Banner({ since, nextTryAt, instead }: Lost) {
  const { reconnect } = useServices();
  const isOnline = useNowOnline();
  return (
    <div className="banner">
      <StatusShape status="stopping" />
      <p>
        <b>
          Not connected since <time dateTime={new Date(since).toISOString()}>{formatClock(since)}</time>.
        </b>{' '}
        {instead ? (
          <>
            Something between this browser and Tidepool answers in its place ({instead.status}, {instead.type}). If this
            network asks you to sign in, reload the page.
          </>
        ) : (
          'You see what was true then; editors that are open go on.'
        )}{' '}
        <span className="next-try" aria-live="off">
          {isOnline ? nextTryAt === null ? 'Trying now.' : <NextTry at={nextTryAt} /> : 'This device has no network.'}
        </span>
      </p>
      <div className="row">
        <button type="button" className="button button-plain button-small" onClick={reconnect}>
          Try now
        </button>
        {instead && <ReloadButton />}
      </div>
    </div>
  );
}

/** Only a load of the page makes every browser ask for the password. */
function SignedOut() {
  return (
    <div className="banner">
      <StatusShape status="stopping" />
      <p>
        <b>You are not signed in any more.</b> You see what was true before. Load the page again to sign in; what you
        typed is kept.
      </p>
      <div className="row">
        <ReloadButton />
      </div>
    </div>
  );
}

function ReloadButton() {
  return (
    <button type="button" className="button button-plain button-small" onClick={() => location.reload()}>
      Reload the page
    </button>
  );
}

function NextTry({ at }: { readonly at: number }) {
  useNow(1_000);
  return `Next try in ${Math.max(0, Math.ceil((at - Date.now()) / 1_000))} s.`;
}

function useNowOnline(): boolean {
  useNow(1_000);
  return hasNetwork();
}
