/** What goes with a workspace that is deleted, as far as it is known. */
import type { Workspace } from '@tidepool/core';
import { plural } from './durations.ts';
import { formatMemory } from './size.ts';

export function WhatIsLost({ workspace: { ports, usage, diskGiB, status } }: { readonly workspace: Workspace }) {
  const diskMiB = usage?.diskMiB ?? null;
  return (
    <ul className="bullets">
      <li>
        its disk, with everything in the project and home folder
        {diskMiB === null ? ` (up to ${diskGiB} GiB)` : `: ${formatMemory(diskMiB)} in use`}
      </li>
      {ports.length > 0 && (
        <li>
          {plural(ports.length, 'port')} and {ports.length === 1 ? 'its address' : 'their addresses'}:{' '}
          <span className="mono">{ports.map(({ port }) => port).join(', ')}</span>
        </li>
      )}
      <li>its activity and logs</li>
      {status === 'running' && <li>the editors and terminals that are open in it now</li>}
    </ul>
  );
}
