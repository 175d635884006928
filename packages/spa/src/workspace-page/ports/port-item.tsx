/** One registered port: whether something answers there, its address, what its program sees of it. */
import { useMutation } from '@tanstack/react-query';
import type { Port, Workspace } from '@tidepool/core';
import { problemOf } from '../../api/problem-of.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Icon } from '../../components/icon.tsx';
import { OpenLink } from '../../components/open-link.tsx';
import { useBlocked, useHost } from '../../live/hooks.ts';
import { useServices } from '../../services/services.ts';
import { withoutScheme, workspaceUrl } from '../../workspaces/workspace-url.ts';
import { PortState } from './port-state.tsx';

export interface PortItemProps {
  readonly port: Port;
  readonly workspace: Workspace;
  readonly onRemoved: () => void;
}

export function PortItem({ port, workspace: { id, status }, onRemoved }: PortItemProps) {
  const { client, known, toasts } = useServices();
  const { host } = useHost();
  const blocked = useBlocked();
  const { port: number, label, path, stripPrefix } = port;
  const { mutate, isPending } = useMutation({
    mutationFn: () => client('removePort', { params: { id, port: String(number) } }),
    onSuccess: ({ workspace }) => {
      known.put(workspace);
      toasts.say(`Port ${number} removed`);
      onRemoved();
    },
    onError: (error) => toasts.problem(problemOf(error), `Port ${number} was not removed`),
  });
  const url = host && workspaceUrl(host.origins, path);
  return (
    <li>
      <span className="port-name">
        <b className="mono">{number}</b> <bdi className="muted">{label}</bdi>
      </span>
      <PortState port={port} status={status} />
      <span className="copy">
        <OpenLink path={path} className="mono" hasIcon>
          <span className="sr">Open port {number} in a new tab: </span>
          {url === undefined ? path : withoutScheme(url)}
        </OpenLink>
        {url !== undefined && <CopyButton text={url} label={`Copy the address of port ${number}`} />}
      </span>
      <span className="muted port-prefix">Prefix {stripPrefix ? 'stripped' : 'kept'}</span>
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
