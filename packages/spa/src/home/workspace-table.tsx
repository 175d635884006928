/** The list: a table for those who hear it, a grid for those who see it, blocks below 768 px. */
import { type Ref, Suspense, useImperativeHandle, useRef } from 'react';
import type { ListQuery } from '../live/list-query.ts';
import type { WorkspaceList } from '../live/lists.ts';
import { LongList } from '../routing/later.ts';
import { ListBody } from './list-body.tsx';
import { TableHead } from './table-head.tsx';
import { useRowFocus } from './use-row-focus.ts';
import { WorkspaceRow } from './workspace-row.tsx';

export interface ListHandle {
  focusFirst(): void;
}

export interface WorkspaceTableProps {
  readonly ref: Ref<ListHandle>;
  readonly list: WorkspaceList;
  readonly sort: ListQuery['sort'];
  readonly onSort: (sort: ListQuery['sort']) => void;
}

/** So many rows are drawn at once, in view or not. */
const few = 50;
/** Of a longer list, so many until what draws only those in view is there. */
const first = 20;

export function WorkspaceTable({ ref, list, sort, onSort }: WorkspaceTableProps) {
  const { workspaces, total, isSearching } = list;
  const body = useRef<HTMLTableSectionElement>(null);
  const focus = useRowFocus(body, workspaces, total);
  const { go } = focus;
  useImperativeHandle(ref, () => ({ focusFirst: () => go(0) }), [go]);

  const rows = (count: number) =>
    workspaces
      .slice(0, count)
      .map((workspace, index) => <WorkspaceRow key={workspace.id} workspace={workspace} index={index} />);
  return (
    <div className="panel">
      <p className="sr" id="list-keys">
        Arrow keys move from row to row, Enter does what a row's button says, ? lists all keys.
      </p>
      {/* The roles stand here because `display: grid` takes them away. */}
      <table
        className="list"
        // biome-ignore lint/a11y/noRedundantRoles: see above
        role="table"
        aria-label={sort === 'name' ? 'Workspaces, by name' : 'Workspaces, by last use'}
        aria-describedby="list-keys"
        aria-rowcount={total + 1}
        aria-busy={isSearching}
      >
        <TableHead sort={sort} onSort={onSort} />
        {total > few ? (
          <Suspense
            fallback={
              <ListBody ref={body} focus={focus} rowsInAll={total}>
                {rows(first)}
              </ListBody>
            }
          >
            <LongList body={body} focus={focus} list={list} />
          </Suspense>
        ) : (
          <ListBody ref={body} focus={focus}>
            {rows(few)}
          </ListBody>
        )}
      </table>
    </div>
  );
}
