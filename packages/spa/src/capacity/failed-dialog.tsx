/** There was room, and it did not start all the same: why, and what can be done. */
import { Link } from 'react-router';
import { ActionButton } from '../components/action-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { useBlocked } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { verbs } from '../workspaces/verbs.ts';
import type { FollowingProps } from './offer-dialog.tsx';

export function FailedDialog({ following: { wish, stops, trouble }, followThrough }: FollowingProps) {
  const blocked = useBlocked();
  const stopped = stops.filter(({ isOver }) => isOver).map(({ name }) => name);
  const done = wish.verb === 'create' ? 'created' : verbs[wish.verb].done;
  return (
    <Dialog
      title={
        <>
          <span className="mono">{wish.name}</span> was not {done}
        </>
      }
      intro={
        stopped.length > 0
          ? `${stopped.join(', ')} ${stopped.length === 1 ? 'is' : 'are'} stopped; files are kept.`
          : undefined
      }
      onClose={followThrough.close}
    >
      <div className="dialog-body">{trouble && <ProblemNote problem={trouble} />}</div>
      <footer className="dialog-foot">
        <button type="button" className="button button-plain push" data-autofocus onClick={followThrough.close}>
          Close
        </button>
        {wish.verb !== 'create' && (
          <Link className="button button-plain" to={paths.workspace(wish.name)} onClick={followThrough.close}>
            Details
          </Link>
        )}
        <ActionButton look="primary" why={blocked} onClick={() => void followThrough.accept([])}>
          Try again
        </ActionButton>
      </footer>
    </Dialog>
  );
}
