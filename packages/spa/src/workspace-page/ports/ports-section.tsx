/** The registered ports, and a form for another. */

import { useMutation } from '@tanstack/react-query';
import { maxPorts, type Port } from '@tidepool/core';
import { problemOf } from '../../api/problem-of.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Icon } from '../../components/icon.tsx';
import { OpenLink } from '../../components/open-link.tsx';
import { Panel } from '../../components/panel.tsx';
import { useBlocked, useHost } from '../../live/hooks.ts';
import { usePageTitle } from '../../routing/use-page-title.ts';
import { useServices } from '../../services/services.ts';
import { workspaceUrl } from '../../workspaces/workspace-url.ts';
import { usePageWorkspace } from '../workspace-page.tsx';
import { AddPortForm } from './add-port-form.tsx';

export function PortsSection() {
  const workspace = usePageWorkspace();
  const { name, ports, status } = workspace;
  usePageTitle(`Ports of ${name}`);
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
          <p className="panel-body help">
            None yet. Register the port of a web server in the workspace, and it gets an address of its own.
          </p>
        ) : (
          <ul className="port-list">
            {ports.map((port) => (
              <PortItem key={port.port} port={port} workspaceId={workspace.id} />
            ))}
          </ul>
        )}
      </Panel>
      <AddPortForm workspace={workspace} />
    </div>
  );
}

function PortItem({ port, workspaceId }: { readonly port: Port; readonly workspaceId: string }) {
  const { client, known, toasts } = useServices();
  const { host } = useHost();
  const blocked = useBlocked();
  const { mutate, isPending } = useMutation({
    mutationFn: () => client('removePort', { params: { id: workspaceId, port: String(port.port) } }),
    onSuccess: ({ workspace }) => known.put(workspace),
    onError: (error) => toasts.problem(problemOf(error), `Port ${port.port} was not removed`),
  });
  const { port: number, label, path, stripPrefix } = port;
  return (
    <li>
      <span className="port-name">
        <b className="mono">{number}</b> <span className="muted">{label}</span>
      </span>
      <span className="copy">
        <OpenLink path={path} className="mono" label={`Open port ${number} in a new tab`}>
          {path}
        </OpenLink>
        {host && <CopyButton text={workspaceUrl(host.origins, path)} label={`Copy the address of port ${number}`} />}
      </span>
      <span className="muted">Prefix {stripPrefix ? 'stripped' : 'kept'}</span>
      <ActionButton
        look="quiet"
        size="small"
        why={blocked}
        isPending={isPending}
        aria-label={`Remove port ${number}`}
        onClick={() => mutate()}
      >
        <Icon name="trash" /> Remove
      </ActionButton>
    </li>
  );
}
