/** The offer «Stop X and start Y», and what has become of it. */
import { useSyncExternalStore } from 'react';
import { ActionButton } from '../components/action-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { Steps } from '../components/steps.tsx';
import { useBlocked, useHost, useJob } from '../live/hooks.ts';
import { useServices } from '../services/services.ts';
import { formatMemory, isOrAre } from '../workspaces/size.ts';
import type { Following } from './follow-through.ts';
import { WhomToStop } from './whom-to-stop.tsx';

export function CapacityDialog() {
  const { followThrough } = useServices();
  const following = useSyncExternalStore(followThrough.state.subscribe, followThrough.state.get);
  if (!following) return null;
  return following.stage === 'offered' ? (
    <OfferDialog following={following} />
  ) : (
    <ProgressDialog following={following} />
  );
}

function OfferDialog({ following }: { readonly following: Extract<Following, { stage: 'offered' }> }) {
  const { followThrough } = useServices();
  const blocked = useBlocked();
  const { host } = useHost();
  const { offer, problem } = following;
  const { stop, wanted } = offer;
  const neededMiB = wanted.memoryMiB ?? host?.defaults.memoryMiB;
  const sizes =
    host && neededMiB !== undefined
      ? `It takes ${formatMemory(neededMiB)}; ${formatMemory(host.capacity.freeMiB)} of this host's ${formatMemory(host.capacity.budgetMiB)} ${isOrAre(host.capacity.freeMiB)} free.`
      : offer.problem.detail;
  return (
    <Dialog
      title={
        <>
          <span className="mono">{wanted.name}</span> does not fit now
        </>
      }
      intro={stop ? sizes : `${sizes} ${offer.problem.fix}`}
      onClose={followThrough.dismiss}
    >
      <div className="dialog-body">
        {stop && <WhomToStop stop={stop} neededMiB={neededMiB} />}
        {problem && <ProblemNote problem={problem} />}
      </div>
      <footer className="dialog-foot">
        <button
          type="button"
          className="button button-plain push"
          data-autofocus={stop ? undefined : true}
          onClick={followThrough.dismiss}
        >
          Not now
        </button>
        {stop && (
          <ActionButton look="primary" why={blocked} data-autofocus onClick={() => void followThrough.accept()}>
            <span>
              Stop <span className="mono">{stop.name}</span> and {wanted.verb}{' '}
              <span className="mono">{wanted.name}</span>
            </span>
          </ActionButton>
        )}
      </footer>
    </Dialog>
  );
}

function ProgressDialog({ following }: { readonly following: Extract<Following, { stage: 'stopping' | 'starting' }> }) {
  const { followThrough } = useServices();
  const { stage, offer, jobId } = following;
  const job = useJob(jobId);
  const title = stage === 'stopping' ? 'Stopping' : 'Starting';
  const name = stage === 'stopping' ? offer.stop?.name : offer.wanted.name;
  return (
    <Dialog
      title={
        <>
          {title} <span className="mono">{name}</span>
        </>
      }
      intro={
        stage === 'stopping'
          ? `Then ${offer.wanted.name} starts. You can close this; it goes on.`
          : 'You can close this; it goes on.'
      }
      closeLabel="Close, it goes on"
      onClose={followThrough.dismiss}
    >
      <div className="dialog-body" aria-live="polite">
        {job ? <Steps job={job} /> : <p className="muted">Asked for.</p>}
      </div>
    </Dialog>
  );
}
