/** It runs, without the repository that it was to begin with: why, and another try. */
import { type Workspace, whyNotClone } from '@tidepool/core';
import { ActionButton } from '../components/action-button.tsx';
import { Icon } from '../components/icon.tsx';
import { useBlocked } from '../live/hooks.ts';
import { cloneWords } from '../workspaces/source.ts';
import { useCloneSource } from '../workspaces/use-clone-source.ts';

export function UnclonedNote({ workspace }: { readonly workspace: Workspace }) {
  const blocked = useBlocked();
  const { clone, isPending } = useCloneSource(workspace);
  const { source } = workspace;
  return (
    <div className="note note-warn" role="alert">
      <Icon name="alert" />
      <div className="note-body">
        <p className="note-title">It runs without its repository: the project folder is empty</p>
        {source && (
          <p>
            <code>{source.git}</code>
          </p>
        )}
        {source?.error && (
          <>
            <p>{source.error.message}</p>
            <p>{source.error.fix}</p>
          </>
        )}
        <div className="row">
          <ActionButton size="small" why={blocked ?? whyNotClone(workspace)} isPending={isPending} onClick={clone}>
            <Icon name="retry" /> {cloneWords(workspace)}
          </ActionButton>
        </div>
      </div>
    </div>
  );
}
