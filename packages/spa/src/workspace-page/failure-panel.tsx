/** Why a workspace failed, what it means for its files, and what to do. The page's head has the button for it. */
import type { Workspace } from '@tidepool/core';
import { Link } from 'react-router';
import { Icon } from '../components/icon.tsx';
import { paths } from '../routing/paths.ts';
import { statusLine } from '../workspaces/status-words.ts';

export function FailurePanel({ workspace }: { readonly workspace: Workspace }) {
  const { name, status, error } = workspace;
  if (status !== 'error' || !error) return null;
  const { word } = statusLine(workspace, 0);
  return (
    <section className="panel failure" role="alert" aria-label={`Why ${name} failed`}>
      <header>
        <Icon name="alert" />
        <div>
          <h2>{word}</h2>
          <p>{error.message}</p>
        </div>
      </header>
      <div className="panel-body stack-small">
        <p>{error.fix}</p>
        {keepsFiles(error) && <p className="help">Its files are untouched.</p>}
        <div className="row">
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

function keepsFiles({ action, code }: NonNullable<Workspace['error']>): boolean {
  return action !== 'delete' && action !== 'create' && code !== 'instance_gone';
}
