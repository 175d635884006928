/** Lists: workspaces, jobs and the activity, page by page, and the activity as it is followed. */
import type { Context } from './context.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { and, asc, desc, eq, inArray, lt, sql } from './drizzle.ts';
import { toJob } from './job-rows.ts';
import { listWorkspaces } from './list-workspaces.ts';
import { activity, jobs } from './schema.ts';
import type { Page, Reads } from './store.ts';

export function createListings(
  context: Context,
): Pick<Reads, 'workspaces' | 'jobs' | 'activity' | 'activitySince' | 'activityBounds'> {
  const { orm, read } = context;
  return {
    workspaces: (query) => read(() => listWorkspaces(context, query)),
    jobs: ({ limit, cursor, status }) => {
      const before = cursor === undefined ? undefined : Number(decodeCursor('jobs', cursor));
      return read(() => {
        const rows = orm
          .select()
          .from(jobs)
          .where(
            and(
              before === undefined ? undefined : lt(jobs.seq, before),
              status === undefined ? undefined : inArray(jobs.status, [...status]),
            ),
          )
          .orderBy(desc(jobs.seq))
          .limit(limit + 1)
          .all();
        const page = cut(rows, limit, (row) => encodeCursor('jobs', String(row.seq)));
        return { ...page, items: page.items.map(toJob) };
      });
    },
    activity: ({ workspaceId, limit, cursor }) => {
      const before = cursor === undefined ? undefined : Number(decodeCursor('activity', cursor));
      return read(() => {
        const rows = orm
          .select()
          .from(activity)
          .where(and(eq(activity.workspaceId, workspaceId), before === undefined ? undefined : lt(activity.id, before)))
          .orderBy(desc(activity.id))
          .limit(limit + 1)
          .all();
        return cut(rows, limit, (row) => encodeCursor('activity', String(row.id)));
      });
    },
    activitySince: (id, limit) => read(() => context.statements.activitySince.all({ id, limit })),
    activityBounds: () => read(() => activityBounds(context)),
  };
}

/** One row more than asked for was read: it says whether there is a next page. */
function cut<Row>(rows: Row[], limit: number, cursorOf: (last: Row) => string): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

function activityBounds({ orm }: Context): { first: number; last: number } {
  const oldest = orm.select({ id: activity.id }).from(activity).orderBy(asc(activity.id)).limit(1).get();
  // Where AUTOINCREMENT keeps the highest id ever given (https://sqlite.org/autoinc.html).
  const given = orm.get<{ seq: number } | undefined>(sql`SELECT seq FROM sqlite_sequence WHERE name = 'activity'`);
  return { first: oldest?.id ?? 0, last: given?.seq ?? 0 };
}
