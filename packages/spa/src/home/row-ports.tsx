/** A workspace's ports as links. As many as two lines hold from 1200 px, where rows keep their height; below, all. */
import type { Workspace } from '@tidepool/core';
import { Link } from 'react-router';
import { paths } from '../routing/paths.ts';
import { PortLink } from '../workspaces/port-link.tsx';

/** Four of half the width fill two lines; the last place says how many more there are. */
const places = 4;

export function RowPorts({ workspace: { name, ports } }: { readonly workspace: Workspace }) {
  const shown = ports.length > places ? places - 1 : places;
  return (
    <div className="ports" data-halves={ports.length > 2 || undefined}>
      {ports.map((port, index) => (
        <PortLink key={port.port} port={port} workspaceName={name} {...(index < shown ? {} : { isExtra: true })} />
      ))}
      {ports.length > shown && (
        <Link className="port port-more" to={paths.section(name, 'ports')} aria-label={`All ports of ${name}`}>
          +{ports.length - shown}
        </Link>
      )}
    </div>
  );
}
