/** When a size applies: at the next start, which may be now. */
import type { Workspace } from '@tidepool/core';
import { ActionButton } from '../../components/action-button.tsx';
import { Icon } from '../../components/icon.tsx';
import { useBlocked } from '../../live/hooks.ts';
import { useAct } from '../../workspaces/use-act.ts';
import { whyDisabled } from '../../workspaces/verbs.ts';
import { pendingSize, sizeWords } from '../pending-size.ts';

export function WhenApplied({ workspace }: { readonly workspace: Workspace }) {
  const { act, isPending } = useAct();
  const blocked = useBlocked();
  const { inForce } = workspace;
  const pending = pendingSize(workspace);
  if (!pending || !inForce) return <p className="help">What you save applies at the next start.</p>;
  return (
    <div className="note note-warn">
      <Icon name="info" />
      <div className="note-body">
        <p>
          <b>Set to {sizeWords(pending)}: applies at the next start.</b> It runs with {sizeWords(inForce)} until then.
        </p>
        {workspace.status === 'running' && (
          <div className="row">
            <ActionButton
              why={whyDisabled('restart', workspace, blocked)}
              isPending={isPending}
              onClick={() => void act('restart', workspace)}
            >
              Restart now
            </ActionButton>
            <span>Its editors and terminals are cut off for that time; its files stay.</span>
          </div>
        )}
      </div>
    </div>
  );
}
