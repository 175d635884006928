/** The list of workspaces, page by page: filtered, searched and sorted here, so that no client has to read them all. */
import { portNumber, type Status, statuses, TidepoolError } from '@tidepool/core';
import type { Context } from './context.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { and, asc, count, desc, eq, inArray, or, type SQL, sql } from './drizzle.ts';
import { folded } from './folded.ts';
import { ports, type WorkspaceRow, workspaces } from './schema.ts';
import type { WorkspacePage, WorkspaceQuery } from './store.ts';
import { showWorkspaces } from './workspace-rows.ts';

type Sort = NonNullable<WorkspaceQuery['sort']>;

/** @throws TidepoolError `invalid_cursor` */
export function listWorkspaces(context: Context, query: WorkspaceQuery): WorkspacePage {
  const { limit, cursor, status, stopReason, search = '', sort = 'name' } = query;
  const { orm } = context;
  const found = search === '' ? undefined : matching(search);
  const wanted = and(
    found,
    status === undefined ? undefined : inArray(workspaces.status, [...status]),
    stopReason === undefined ? undefined : inArray(workspaces.stopReason, [...stopReason]),
  );
  const rows = orm
    .select()
    .from(workspaces)
    .where(and(wanted, cursor === undefined ? undefined : after(cursor, sort)))
    .orderBy(...orders[sort])
    .limit(limit + 1)
    .all();
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const counts = countByStatus(context, found);
  return {
    items: showWorkspaces(context, items),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor('workspaces', placeOf(last, sort)) : null,
    total: stopReason === undefined ? sumOf(counts, status ?? statuses) : countOf(context, wanted),
    counts,
  };
}

/** Never used ones have no time, which sorts before every time. */
const used = sql<string>`coalesce(${workspaces.lastAccessedAt}, '')`;

const orders = {
  name: [asc(workspaces.name)],
  lastUsed: [asc(used), asc(workspaces.name)],
  '-lastUsed': [desc(used), asc(workspaces.name)],
} as const satisfies Record<Sort, readonly SQL[]>;

/** Where a row stands in its order; the sort is part of it, so that a cursor of another order is refused. */
function placeOf({ name, lastAccessedAt }: WorkspaceRow, sort: Sort): string {
  return sort === 'name' ? name : `${sort}|${lastAccessedAt ?? ''}|${name}`;
}

function after(cursor: string, sort: Sort): SQL {
  const place = decodeCursor('workspaces', cursor);
  const [of, at = '', name = ''] = place.includes('|') ? place.split('|') : ['name', '', place];
  if (of !== sort) {
    throw new TidepoolError('invalid_cursor', {
      fields: [{ field: 'query.cursor', message: 'This cursor is of another order.' }],
    });
  }
  if (sort === 'name') return sql`${workspaces.name} > ${name}`;
  if (sort === 'lastUsed') return sql`(${used}, ${workspaces.name}) > (${at}, ${name})`;
  return sql`(${used} < ${at} OR (${used} = ${at} AND ${workspaces.name} > ${name}))`;
}

/** Part of a name, an image or a port's label, whatever its case; or a whole port number. */
function matching(search: string): SQL | undefined {
  const wanted = folded(search);
  const has = (text: SQL) => sql`instr(${text}, ${wanted}) > 0`;
  const hasLabel = has(sql`folded(${ports.label})`);
  const number = portNumber.safeParse(/^\d+$/.test(wanted) ? Number(wanted) : null);
  const port = number.success ? or(hasLabel, eq(ports.port, number.data)) : hasLabel;
  const withPort = sql`EXISTS (SELECT 1 FROM ${ports} WHERE ${ports.workspaceId} = ${workspaces.id} AND ${port})`;
  return or(has(sql`lower(${workspaces.name})`), has(sql`lower(${workspaces.image})`), withPort);
}

/** Each once, however often it is named. */
function sumOf(counts: Record<Status, number>, wanted: readonly Status[]): number {
  return [...new Set(wanted)].reduce((sum, status) => sum + counts[status], 0);
}

function countOf({ orm }: Context, wanted: SQL | undefined): number {
  return orm.select({ n: count() }).from(workspaces).where(wanted).get()?.n ?? 0;
}

function countByStatus({ orm }: Context, found: SQL | undefined): Record<Status, number> {
  const rows = orm
    .select({ status: workspaces.status, n: count() })
    .from(workspaces)
    .where(found)
    .groupBy(workspaces.status)
    .all();
  const counts = Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>;
  for (const { status, n } of rows) counts[status] = n;
  return counts;
}
