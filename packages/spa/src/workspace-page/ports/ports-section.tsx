/** The registered ports, and a form for another. */
import { maxPorts } from '@tidepool/core';
import { useRef } from 'react';
import { Panel } from '../../components/panel.tsx';
import { usePageTitle } from '../../routing/use-page-title.ts';
import { usePageWorkspace } from '../workspace-page.tsx';
import { AddPortForm } from './add-port-form.tsx';
import { PortItem } from './port-item.tsx';

export function PortsSection() {
  const workspace = usePageWorkspace();
  const { name, ports, status } = workspace;
  usePageTitle(`Ports of ${name}`);
  const first = useRef<HTMLInputElement>(null);
  return (
    <div className="stack">
      <Panel
        title="Ports"
        aside={
          <p>
            {ports.length} of {maxPorts}. Open to whoever can sign in to this host
            {status === 'running' ? '.' : ', while the workspace runs.'}
          </p>
        }
      >
        {ports.length === 0 ? (
          <div className="panel-body help">
            <p>
              None yet. Start a web server in the workspace, say on 3000, and register that port below: it gets an
              address of its own, to open in a tab and to hand on.
            </p>
          </div>
        ) : (
          <ul className="port-list">
            {ports.map((port) => (
              // The focus must not be lost with the row that had it.
              <PortItem key={port.port} port={port} workspace={workspace} onRemoved={() => first.current?.focus()} />
            ))}
          </ul>
        )}
      </Panel>
      <AddPortForm key={workspace.id} workspace={workspace} inputRef={first} />
    </div>
  );
}
