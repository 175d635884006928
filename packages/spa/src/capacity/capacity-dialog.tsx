/** The offer «Stop X and start Y», and what has become of it. */
import type { Verb } from '@tidepool/core';
import { useSyncExternalStore } from 'react';
import { ActionButton } from '../components/action-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Gauge } from '../components/gauge.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { Steps } from '../components/steps.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { useBlocked, useHost, useJob, useKnown } from '../live/hooks.ts';
import { useServices } from '../services/services.ts';
import { formatMemory } from '../workspaces/size.ts';
import type { Following } from './follow-through.ts';

const verbWords = {
  create: 'create',
  start: 'start',
  restart: 'restart',
  retry: 'retry',
  stop: 'stop',
  delete: 'delete',
} as const satisfies Record<Verb | 'create', string>;

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
  const { offer, problem } = following;
  const { stop, wanted } = offer;
  const verb = verbWords[wanted.verb];
  const intro = `${offer.problem.detail} ${stop ? 'Its files stay when a workspace is stopped; its programs and terminals end.' : offer.problem.fix}`;
  return (
    <Dialog
      title={
        <>
          <span className="mono">{wanted.name}</span> does not fit now
        </>
      }
      intro={intro}
      onClose={followThrough.dismiss}
    >
      <div className="dialog-body">
        {stop && <WhomToStop id={stop.id} name={stop.name} lastAccessedAt={stop.lastAccessedAt} />}
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
              Stop <span className="mono">{stop.name}</span> and {verb} <span className="mono">{wanted.name}</span>
            </span>
          </ActionButton>
        )}
      </footer>
    </Dialog>
  );
}

interface WhomToStopProps {
  readonly id: string;
  readonly name: string;
  readonly lastAccessedAt: string | null;
}

function WhomToStop({ id, name, lastAccessedAt }: WhomToStopProps) {
  const { host } = useHost();
  const memoryMiB = useKnown((state) => state.workspaces.get(id)?.memoryMiB);
  return (
    <div className="stack">
      <p>
        <b className="mono">{name}</b> is unused the longest: last used <TimeAgo at={lastAccessedAt} />.
        {memoryMiB !== undefined && ` Stopping it gives back ${formatMemory(memoryMiB)}.`}
      </p>
      {host && memoryMiB !== undefined && (
        <Gauge
          label="Memory of this host"
          parts={[
            {
              key: 'others',
              look: 'taken',
              mib: host.capacity.usedMiB - memoryMiB,
              label: <span>Other workspaces</span>,
            },
            { key: 'give', look: 'give', mib: memoryMiB, label: <span>{name}</span> },
            { key: 'free', look: 'free', mib: host.capacity.freeMiB, label: <span>Free</span> },
          ]}
        />
      )}
    </div>
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
