/** A registered port as a link. One where nothing listens yet looks idle and says so, and is a link all the same. */
import type { Port } from '@tidepool/core';
import { OpenLink } from '../components/open-link.tsx';

export interface PortLinkProps {
  readonly port: Port;
  readonly workspaceName: string;
  /** Left out where there is no room for all. */
  readonly isExtra?: boolean;
}

export function PortLink({ port, workspaceName, isExtra = false }: PortLinkProps) {
  const { port: number, label, path, listening } = port;
  const isIdle = listening === false;
  const what = `${number}${label === null ? '' : ` ${label}`}`;
  return (
    <OpenLink
      path={path}
      className={`port${isIdle ? ' port-idle' : ''}${isExtra ? ' port-extra' : ''}`}
      label={`${what} of ${workspaceName}${isIdle ? '. Nothing listens on it yet' : ''}, opens in a new tab`}
      title={`${what}. ${isIdle ? 'Nothing listens on this port yet' : 'In a new tab'}`}
    >
      <b>{number}</b> {label !== null && <bdi>{label}</bdi>}
    </OpenLink>
  );
}
