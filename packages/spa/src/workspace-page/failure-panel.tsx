/** Why a workspace failed, what it means for its files, and the way on. */
import type { Action, Workspace } from '@tidepool/core';
import { Link } from 'react-router';
import { ActionButton } from '../components/action-button.tsx';
import { Icon } from '../components/icon.tsx';
import { useBlocked } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { statusLine } from '../workspaces/status-words.ts';
import { useAct } from '../workspaces/use-act.ts';
import { whyDisabled } from '../workspaces/verbs.ts';

const retryWords = {
  create: 'Retry the creation',
  start: 'Retry the start',
  stop: 'Retry the stop',
  restart: 'Retry the restart',
  delete: 'Retry the deletion',
} as const satisfies Record<Action, string>;

export function FailurePanel({ workspace }: { readonly workspace: Workspace }) {
  const { act, isPending } = useAct();
  const blocked = useBlocked();
  const { name, status, error } = workspace;
  if (status !== 'error' || !error) return null;
  const { word } = statusLine(workspace, 0);
  return (
    <section className="panel failure" role="alert" aria-label={`Why ${name} failed`}>
      <header>
        <Icon name="alert" />
        <div>
          <h2>{word.replace(/:$/, '')}</h2>
          <p>{error.message}</p>
        </div>
      </header>
      <div className="panel-body stack-small">
        <p>{error.fix}</p>
        {error.action !== 'delete' && error.action !== 'create' && <p className="help">Its files are untouched.</p>}
        <div className="row">
          <ActionButton
            why={whyDisabled('retry', workspace, blocked)}
            isPending={isPending}
            onClick={() => void act('retry', workspace)}
          >
            <Icon name="retry" /> {retryWords[error.action]}
          </ActionButton>
          <Link className="button button-plain" to={paths.section(name, 'logs')}>
            See the log
          </Link>
        </div>
        <p className="reference">
          <code>{error.code}</code>
        </p>
      </div>
    </section>
  );
}
