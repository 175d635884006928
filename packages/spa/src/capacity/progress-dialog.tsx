/** The offer as it is followed through: each stop, then the start, with the steps of the one that is under way. */
import { ActionButton } from '../components/action-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { isSecondClick } from '../components/second-click.ts';
import { StatusShape } from '../components/status-shape.tsx';
import { Steps } from '../components/steps.tsx';
import { useConnection, useHost, useJob } from '../live/hooks.ts';
import { formatDuration } from '../workspaces/durations.ts';
import { elapsedMs } from '../workspaces/step-words.ts';
import { type Errand, errandsOf, headline } from './errands.ts';
import type { FollowingProps } from './offer-dialog.tsx';

export function ProgressDialog({ following, followThrough }: FollowingProps) {
  const { wish, stage } = following;
  const errands = errandsOf(following);
  const { doing, name } = headline(following);
  return (
    <Dialog
      title={
        <>
          {doing} <span className="mono">{name}</span>
        </>
      }
      intro={`${stage === 'stopping' ? `Next: ${wish.verb} ${wish.name}. ` : ''}You can close this; it goes on.`}
      closeLabel="Close, it goes on"
      onClose={followThrough.close}
    >
      <div className="dialog-body">
        <Away />
        <ol className="errands" aria-label="What is done">
          {errands.map((errand) => (
            <ErrandRow key={errand.key} errand={errand} />
          ))}
        </ol>
        <p className="sr" role="status">
          {doing} {name}, {errands.findIndex(({ state }) => state === 'now') + 1} of {errands.length}.
        </p>
      </div>
      <footer className="dialog-foot">
        {stage === 'stopping' && (
          <ActionButton onClick={followThrough.giveUp}>
            <span>
              Do not {wish.verb} <span className="mono">{wish.name}</span>
            </span>
          </ActionButton>
        )}
        <button
          type="button"
          className="button button-plain push"
          data-autofocus
          onClick={({ nativeEvent }) => {
            // The button that took the offer up stood here.
            if (!isSecondClick(nativeEvent)) followThrough.close();
          }}
        >
          Close
        </button>
      </footer>
    </Dialog>
  );
}

function ErrandRow({ errand: { state, doing, done, name, jobId } }: { readonly errand: Errand }) {
  const job = useJob(jobId);
  const { host } = useHost();
  const isNow = state === 'now';
  return (
    <li data-errand={state} aria-current={isNow ? 'step' : undefined}>
      <p>
        {state === 'done' ? <Icon name="check" /> : <StatusShape status={isNow ? 'starting' : 'stopped'} />}
        <span>
          {state === 'done' ? done : doing} <b className="mono">{name}</b>
        </span>
        {state === 'done' && job?.finishedAt && <span className="step-time">{formatDuration(elapsedMs(job, 0))}</span>}
      </p>
      {isNow && job && <Steps job={job} {...(host ? { typical: host.typical } : {})} />}
    </li>
  );
}

/** A request that does not arrive is repeated; that it waits is said. */
function Away() {
  const { state } = useConnection();
  if (state !== 'lost') return null;
  return (
    <div className="note note-warn" role="status">
      <Icon name="alert" />
      <p>Not connected. It goes on by itself once Tidepool answers; this page has to stay open.</p>
    </div>
  );
}
