/** `tidepool ls`: the workspaces, as the page lists them. */
import type { Config, Port, RequestOf, Workspace } from '@tidepool/core';
import Table from 'cli-table3';
import type { Terminal } from './environment.ts';
import { ownApi } from './own-api.ts';

export type ListQuery = Pick<NonNullable<RequestOf<'listWorkspaces'>['query']>, 'status' | 'search' | 'sort'>;

export interface ListOptions {
  readonly config: Config;
  readonly query: ListQuery;
  readonly json: boolean;
  readonly terminal: Terminal;
}

/** @throws TidepoolError what the API refuses */
export async function ls({ config, query, json, terminal }: ListOptions): Promise<void> {
  const found = await allPages(config, query);
  if (json) return terminal.say(JSON.stringify(found, null, 2));
  if (found.length > 0) return terminal.say(workspaceTable(found));
  const isAll = query.status === undefined && query.search === undefined;
  terminal.say(
    isAll ? 'There is no workspace yet. `tidepool create web-app` makes one.' : 'No workspace is like that.',
  );
}

async function allPages(config: Config, query: ListQuery): Promise<Workspace[]> {
  const api = ownApi(config);
  const found: Workspace[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await api('listWorkspaces', { query: { ...query, limit: '100', cursor } });
    found.push(...page.items);
    if (page.nextCursor === null) return found;
    cursor = page.nextCursor;
  }
}

export function workspaceTable(workspaces: readonly Workspace[]): string {
  const table = new Table({
    head: ['name', 'status', 'memory', 'cores', 'last used (UTC)', 'ports'],
    style: { head: [], border: [] },
  });
  for (const { name, status, error, memoryMiB, cpus, inForce, usage, lastAccessedAt, ports } of workspaces) {
    const size = inForce ?? { memoryMiB, cpus };
    table.push([
      name,
      error === null ? status : `${status}: ${error.action}`,
      used(usage?.memoryMiB, `${size.memoryMiB} MiB`),
      used(usage?.cpus, `${size.cpus}`),
      lastAccessedAt === null ? 'never' : lastAccessedAt.slice(0, 16).replace('T', ' '),
      ports.map(portLine).join('\n'),
    ]);
  }
  return table.toString();
}

/** `300 of 1024 MiB`; where nobody measured, what it has. */
function used(taken: number | null | undefined, of: string): string {
  return taken === null || taken === undefined ? of : `${taken} of ${of}`;
}

function portLine({ port, label, listening }: Port): string {
  return `${port}${label === null ? '' : ` ${label}`}${listening === false ? ' (nothing listens)' : ''}`;
}
