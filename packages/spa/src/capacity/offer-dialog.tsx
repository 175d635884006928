/** Whom to stop for what does not fit: one or several, and what that gives. It is true while it is open. */
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import { ActionButton } from '../components/action-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { useBlocked, useHost } from '../live/hooks.ts';
import { useLeastUsed } from '../live/lists.ts';
import { paths } from '../routing/paths.ts';
import { formatAbout } from '../workspaces/durations.ts';
import { formatMemory } from '../workspaces/size.ts';
import { BeforeAndAfter } from './before-and-after.tsx';
import { CandidateList } from './candidate-list.tsx';
import { type Candidate, candidatesFor, givenBy, propose } from './candidates.ts';
import type { FollowThrough } from './follow-through.ts';
import type { Following, Wish } from './following.ts';
import { type Shortfall, useShortfall } from './use-shortfall.ts';

export interface FollowingProps {
  readonly following: Following;
  readonly followThrough: FollowThrough;
}

export function OfferDialog({ following, followThrough }: FollowingProps) {
  const shortfall = useShortfall(following.wish);
  const { workspaces, isComplete } = useLeastUsed();
  const candidates = candidatesFor(following.wish, workspaces);
  // The focus begins at the choice: without it there is nothing to show yet.
  if (!shortfall || (!isComplete && candidates.length === 0)) return null;
  return <Offer {...{ following, followThrough, shortfall, candidates }} />;
}

interface OfferProps extends FollowingProps {
  readonly shortfall: Shortfall;
  readonly candidates: readonly Candidate[];
}

function Offer({ following, followThrough, shortfall, candidates }: OfferProps) {
  const { wish, stops, trouble } = following;
  const { missingMiB } = shortfall;
  const blocked = useBlocked();
  // Until somebody chooses, what is proposed follows what is true.
  const [picked, setPicked] = useState<readonly string[] | null>(null);
  const [wantsSeveral, setWantsSeveral] = useState(false);
  const ids = picked ?? propose(candidates, missingMiB);
  const chosen = candidates.filter(({ workspace }) => ids.includes(workspace.id));
  const isOneEnough = candidates.some(({ givesMiB }) => givesMiB >= missingMiB);
  const isSeveral = wantsSeveral || !isOneEnough;
  const fits = missingMiB === 0;
  const lackMiB = fits ? 0 : missingMiB - givenBy(chosen);

  const accept = (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== undefined || lackMiB > 0) return;
    void followThrough.accept(fits ? [] : chosen.map(({ workspace: { id, name } }) => ({ id, name })));
  };
  return (
    <Dialog
      title={<Title wish={wish} shortfall={shortfall} />}
      intro={intro(shortfall, candidates)}
      onClose={followThrough.close}
    >
      <form onSubmit={accept}>
        <div className="dialog-body">
          {trouble && <ProblemNote problem={trouble} />}
          {!trouble && !fits && <TakenMeanwhile stops={stops} />}
          {!fits && candidates.length > 0 && (
            <>
              <CandidateList
                {...{ candidates, ids, missingMiB, isSeveral }}
                onChange={setPicked}
                {...(isOneEnough && !isSeveral ? { onSeveral: () => setWantsSeveral(true) } : {})}
              />
              <BeforeAndAfter wanted={wish.name} shortfall={shortfall} chosen={chosen} />
            </>
          )}
          {!fits && <Smaller wish={wish} freeMiB={shortfall.freeMiB} onGo={followThrough.close} />}
        </div>
        <footer className="dialog-foot">
          <span className="first help">{!fits && lackMiB <= 0 && <HowLong wish={wish} count={chosen.length} />}</span>
          <button
            type="button"
            className="button button-plain push"
            data-autofocus={!fits && candidates.length === 0 ? true : undefined}
            onClick={followThrough.close}
          >
            Not now
          </button>
          {(fits || candidates.length > 0) && (
            <ActionButton
              type="submit"
              look="primary"
              data-autofocus={fits ? true : undefined}
              why={blocked ?? whyNotYet(lackMiB)}
            >
              <span>
                {!fits && <Whom chosen={chosen} />}
                {fits ? capital(wish.verb) : wish.verb} <span className="mono">{wish.name}</span>
              </span>
            </ActionButton>
          )}
        </footer>
      </form>
    </Dialog>
  );
}

function Title({ wish, shortfall: { missingMiB } }: { readonly wish: Wish; readonly shortfall: Shortfall }) {
  return (
    <>
      <span className="mono">{wish.name}</span>{' '}
      {missingMiB === 0 ? 'fits now' : `needs ${formatMemory(missingMiB)} more than is free`}
    </>
  );
}

function intro({ neededMiB, freeMiB, budgetMiB, missingMiB }: Shortfall, candidates: readonly Candidate[]): string {
  const left = freeMiB > 0 ? formatMemory(freeMiB) : 'none';
  const sizes = `It takes ${formatMemory(neededMiB)}; this host has ${left} of ${formatMemory(budgetMiB)} left.`;
  if (missingMiB === 0) return `${sizes} Nothing has to be stopped any more.`;
  if (candidates.length === 0)
    return `${sizes} Nothing runs that could be stopped for it. Once there is room, it is said here.`;
  const enough = givenBy(candidates) >= missingMiB;
  const one = candidates.some(({ givesMiB }) => givesMiB >= missingMiB);
  if (!enough)
    return `${sizes} All that runs together does not give enough. Ask for less, or wait for what is changing.`;
  return `${sizes} Stop ${one ? 'one' : 'some'} that you can spare: files stay, programs and terminals end.`;
}

/** After a stop that was followed through, and a start that was refused again. */
function TakenMeanwhile({ stops }: Pick<Following, 'stops'>) {
  const stopped = stops.filter(({ isOver }) => isOver).map(({ name }) => name);
  if (stopped.length === 0) return null;
  return (
    <div className="note note-warn" role="alert">
      <Icon name="alert" />
      <p>
        <b className="mono">{stopped.join(', ')}</b> {stopped.length === 1 ? 'is' : 'are'} stopped, but something else
        took the memory meanwhile. Nothing more is stopped unless you choose it here.
      </p>
    </div>
  );
}

const leastMiB = 512;

interface SmallerProps {
  readonly wish: Wish;
  readonly freeMiB: number;
  readonly onGo: () => void;
}

function Smaller({ wish: { verb, name }, freeMiB, onGo }: SmallerProps) {
  if (freeMiB < leastMiB) return null;
  const words = (
    <>
      make <span className="mono">{name}</span> smaller
    </>
  );
  return (
    <div className="note">
      <Icon name="info" />
      <p>
        Or{' '}
        {verb === 'create' ? (
          <Link to={paths.create()} onClick={onGo}>
            {words}
          </Link>
        ) : (
          <Link to={paths.section(name, 'settings')} onClick={onGo}>
            {words}
          </Link>
        )}
        : with {formatMemory(freeMiB)} it fits at once.
      </p>
    </div>
  );
}

function HowLong({ wish, count }: { readonly wish: Wish; readonly count: number }) {
  const { host } = useHost();
  const startMs = wish.verb === 'create' ? host?.typical.createMs : host?.typical.startMs;
  const stopMs = host?.typical.stopMs;
  if (startMs == null || stopMs == null) return null;
  return (
    <>
      {count === 1 ? 'Both take' : 'All of it takes'} about{' '}
      <span className="mono">{formatAbout(stopMs * count + startMs)}</span>
    </>
  );
}

function Whom({ chosen }: { readonly chosen: readonly Candidate[] }) {
  const [first] = chosen;
  if (chosen.length !== 1 || !first) return `Stop ${chosen.length} and `;
  return (
    <>
      Stop <span className="mono">{first.workspace.name}</span> and{' '}
    </>
  );
}

function whyNotYet(lackMiB: number): string | undefined {
  return lackMiB > 0
    ? `That is ${formatMemory(lackMiB)} too little. Choose one that gives more, or several.`
    : undefined;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
