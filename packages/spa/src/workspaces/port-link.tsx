/** A registered port as a link. */
import type { Port } from '@tidepool/core';
import { OpenLink } from '../components/open-link.tsx';

export function PortLink({ port, workspaceName }: { readonly port: Port; readonly workspaceName: string }) {
  const { port: number, label, path } = port;
  return (
    <OpenLink
      path={path}
      className="port"
      label={`${number}${label === null ? '' : ` ${label}`} of ${workspaceName}, opens in a new tab`}
    >
      <b>{number}</b> {label}
    </OpenLink>
  );
}
