/** The list. A table for those who hear it, a grid for those who see it, blocks below 768 px. */
import type { Workspace } from '@tidepool/core';
import { WorkspaceRow } from './workspace-row.tsx';

export function WorkspaceTable({ workspaces }: { readonly workspaces: readonly Workspace[] }) {
  return (
    <div className="panel">
      {/* The roles stand here because `display: grid` takes them away. */}
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <table className="list" role="table" aria-label="Workspaces, by name">
        <TableHead />
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <tbody role="rowgroup">
          {workspaces.map((workspace) => (
            <WorkspaceRow key={workspace.id} workspace={workspace} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Of the size of what comes, and shown only after a moment. */
export function WorkspaceTableSkeleton() {
  return (
    <div className="panel skeleton" aria-hidden="true">
      {[9, 12, 8].map((width) => (
        <div className="skeleton-row" key={width}>
          <span style={{ width: `${width}rem` }} />
          <span style={{ width: '13rem' }} />
        </div>
      ))}
    </div>
  );
}

function TableHead() {
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <thead role="rowgroup">
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <tr role="row">
        <th scope="col">Workspace</th>
        <th scope="col" className="cell-size">
          Size
        </th>
        <th scope="col">Ports</th>
        <th scope="col" className="cell-last">
          Last used
        </th>
        <th scope="col">
          <span className="sr">Action</span>
        </th>
        <th scope="col">
          <span className="sr">More</span>
        </th>
      </tr>
    </thead>
  );
}
