/** The repository it began with: where it is, whether it was cloned, and if not, why and another try. */
import { type Workspace, type WorkspaceSource, whyNotClone } from '@tidepool/core';
import { ActionButton } from '../components/action-button.tsx';
import { Icon } from '../components/icon.tsx';
import { Panel } from '../components/panel.tsx';
import { useBlocked, useJob } from '../live/hooks.ts';
import { cloneWords, lacksSource } from '../workspaces/source.ts';
import { useCloneSource } from '../workspaces/use-clone-source.ts';
import { withoutScheme } from '../workspaces/workspace-url.ts';

export function SourcePanel({ workspace }: { readonly workspace: Workspace }) {
  const { source } = workspace;
  if (!source) return null;
  return (
    <Panel title="Where it began">
      <div className="panel-body stack-small">
        <p className="repository">
          <a className="mono" href={source.git} target="_blank" rel="noopener noreferrer" title="In a new tab">
            {withoutScheme(source.git)}
          </a>
          {source.ref !== null && <span className="tag">{source.ref}</span>}
        </p>
        <State workspace={workspace} source={source} />
      </div>
    </Panel>
  );
}

interface StateProps {
  readonly workspace: Workspace;
  readonly source: WorkspaceSource;
}

function State({ workspace, source: { status, error } }: StateProps) {
  const isLacking = lacksSource(workspace);
  const isAtIt = useJob(workspace.jobId)?.kind === 'source';
  if (isAtIt) return <p className="help">It is being cloned now.</p>;
  if (status === 'cloned') {
    return (
      <p className="help">
        <Icon name="check" /> Cloned into the project folder, once. What you do with it there is yours.
      </p>
    );
  }
  return (
    <>
      {status === 'waiting' && (
        <p className="help">
          {isLacking
            ? 'It was never cloned, because what was to do it was cut off. The project folder is without it.'
            : 'Not cloned yet: that is done when its machine first runs.'}
        </p>
      )}
      {error && (
        <div className="note note-error">
          <Icon name="alert" />
          <div className="note-body">
            <p className="note-title">It could not be cloned</p>
            <p>{error.message}</p>
            <p>{error.fix}</p>
          </div>
        </div>
      )}
      {isLacking && <CloneButton workspace={workspace} />}
    </>
  );
}

function CloneButton({ workspace }: { readonly workspace: Workspace }) {
  const blocked = useBlocked();
  const { clone, isPending } = useCloneSource(workspace);
  return (
    <div className="row">
      <ActionButton why={blocked ?? whyNotClone(workspace)} isPending={isPending} onClick={clone}>
        <Icon name="retry" /> {cloneWords(workspace)}
      </ActionButton>
    </div>
  );
}
