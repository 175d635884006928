/** Size, name, deletion. */
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ActionButton } from '../../components/action-button.tsx';
import { Panel } from '../../components/panel.tsx';
import { useBlocked } from '../../live/hooks.ts';
import { paths } from '../../routing/paths.ts';
import { usePageTitle } from '../../routing/use-page-title.ts';
import { DeleteDialog } from '../../workspaces/delete-dialog.tsx';
import { whyDisabled } from '../../workspaces/verbs.ts';
import { WhatIsLost } from '../../workspaces/what-is-lost.tsx';
import { usePageWorkspace } from '../workspace-page.tsx';
import { SizeForm } from './size-form.tsx';

export function SettingsSection() {
  const workspace = usePageWorkspace();
  const { name } = workspace;
  usePageTitle(`Settings of ${name}`);
  const [isDeleting, setDeleting] = useState(false);
  const navigate = useNavigate();
  const blocked = useBlocked();
  return (
    <div className="stack settings">
      <SizeForm key={workspace.id} workspace={workspace} />
      <Panel title="Name">
        <div className="panel-body">
          <p className="mono">{name}</p>
          <p className="help">
            Fixed: it is part of every address of this workspace, so links and open editors would break.
          </p>
        </div>
      </Panel>
      <Panel title="Delete this workspace" look="danger">
        <div className="panel-body stack-small">
          <p className="help">Gone for good, with no way back. You will be asked to type its name.</p>
          <WhatIsLost workspace={workspace} />
          <div className="row">
            <ActionButton
              className="danger-plain"
              why={whyDisabled('delete', workspace, blocked)}
              onClick={() => setDeleting(true)}
            >
              Delete…
            </ActionButton>
          </div>
        </div>
      </Panel>
      {isDeleting && (
        <DeleteDialog
          workspace={workspace}
          onClose={() => setDeleting(false)}
          onAccepted={() => void navigate(paths.home())}
        />
      )}
    </div>
  );
}
