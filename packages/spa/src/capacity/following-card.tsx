/** What an offer is at, in a corner, after its dialog was closed. */
import { StatusShape } from '../components/status-shape.tsx';
import { headline } from './errands.ts';
import type { FollowingProps } from './offer-dialog.tsx';

export function FollowingCard({ following, followThrough }: FollowingProps) {
  const { stage, wish } = following;
  const isWaiting = stage === 'offered';
  const { doing, name } = headline(following);
  return (
    <section className="following" aria-label="What is under way">
      <StatusShape status={isWaiting ? 'stopped' : 'starting'} />
      <p role="status">
        {isWaiting ? (
          <>
            <b className="mono">{wish.name}</b> has no room yet
          </>
        ) : (
          <>
            {doing} <b className="mono">{name}</b>
            {stage === 'stopping' && (
              <>
                , then <b className="mono">{wish.name}</b>
              </>
            )}
          </>
        )}
      </p>
      <button type="button" className="button button-quiet button-small" onClick={followThrough.show}>
        {isWaiting ? 'See the offer' : 'Show'}
      </button>
      {isWaiting && (
        <button type="button" className="button button-quiet button-small" onClick={followThrough.close}>
          Not now
        </button>
      )}
    </section>
  );
}
