/** What is asked often, by requests, jobs, steps and events: built by drizzle and compiled by SQLite once for a connection. */
import { occupying } from '@tidepool/core';
import type { Connection } from './connection.ts';
import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gt,
  inArray,
  ne,
  or,
  type SQL,
  type SQLiteColumn,
  type SQLiteTable,
  sql,
} from './drizzle.ts';
import { inLane, isQueuedAndDue, type Lane } from './lanes.ts';
import { activity, jobs, ports, usage, workspaces } from './schema.ts';

export type Statements = ReturnType<typeof prepareStatements>;

export function prepareStatements({ orm }: Pick<Connection, 'orm'>) {
  const { placeholder } = sql;
  const [id, ref, fence, now] = [placeholder('id'), placeholder('ref'), placeholder('fence'), placeholder('now')];
  const limit = placeholder('limit');
  /** Among `ids`, a list as JSON: one statement for any number of them. */
  const isAmong = (column: SQLiteColumn) => sql`${column} IN (SELECT value FROM json_each(${placeholder('ids')}))`;
  return {
    job: orm.select().from(jobs).where(eq(jobs.id, id)).prepare(),
    /** By id or name; an id goes first. */
    workspace: orm
      .select()
      .from(workspaces)
      .where(or(eq(workspaces.id, ref), eq(workspaces.name, ref)))
      .orderBy(desc(eq(workspaces.id, ref)))
      .prepare(),
    /** The job and its workspace, while the fence is that of the job at hand. */
    heldJob: orm
      .select({ job: jobs, workspace: workspaces })
      .from(jobs)
      .innerJoin(workspaces, and(eq(workspaces.id, jobs.workspaceId), eq(workspaces.lockJobId, jobs.id)))
      .where(and(eq(jobs.id, id), eq(jobs.status, 'running'), eq(jobs.fence, fence), eq(workspaces.fence, fence)))
      .prepare(),
    /** What waits behind the running job of the workspace `id`. */
    jobWaitingIn: orm
      .select()
      .from(jobs)
      .where(and(eq(jobs.workspaceId, id), eq(jobs.status, 'waiting')))
      .prepare(),
    /** How many others than the job `id` run. */
    atWorkInLane: inEachLane((lane) =>
      orm
        .select({ n: count() })
        .from(jobs)
        .where(and(eq(jobs.status, 'running'), inLane(lane), ne(jobs.id, id)))
        .prepare(),
    ),
    /** Those that have waited longest. */
    nextInLane: inEachLane((lane) =>
      orm
        .select({ id: jobs.id })
        .from(jobs)
        .where(and(isQueuedAndDue(now), inLane(lane)))
        .orderBy(asc(jobs.seq))
        .limit(limit)
        .prepare(),
    ),
    sent: orm
      .update(jobs)
      .set({ sentAt: sql`${now}` })
      .where(and(eq(jobs.id, id), eq(jobs.status, 'queued')))
      .prepare(),
    raiseFence: orm
      .update(workspaces)
      .set({ fence: sql`${fence}` })
      .where(eq(workspaces.id, id))
      .prepare(),
    /** Memory that all others than the workspace `id` hold. */
    held: orm
      .select({ MiB: sql<number>`coalesce(sum(${workspaces.allottedMiB}), 0)` })
      .from(workspaces)
      .where(
        and(
          inArray(workspaces.status, [...occupying, 'error']),
          eq(workspaces.instanceStopped, false),
          ne(workspaces.id, id),
        ),
      )
      .prepare(),
    changeJob: changes(jobs, (set) => orm.update(jobs).set(set).where(eq(jobs.id, id)).returning().prepare()),
    /** A change that the API shows, made `now`. */
    changeWorkspace: changes(workspaces, (set) =>
      orm
        .update(workspaces)
        .set({
          ...set,
          version: sql`${workspaces.version} + 1`,
          updatedAt: sql`${now}`,
          ...(set.status && {
            statusSince: sql`CASE WHEN ${workspaces.status} = ${set.status} THEN ${workspaces.statusSince} ELSE ${now} END`,
          }),
        })
        .where(eq(workspaces.id, id))
        .returning()
        .prepare(),
    ),
    portsOf: orm.select().from(ports).where(isAmong(ports.workspaceId)).orderBy(asc(ports.port)).prepare(),
    waitingJobsOf: orm
      .select({ id: jobs.id, workspaceId: jobs.workspaceId })
      .from(jobs)
      .where(and(eq(jobs.status, 'waiting'), isAmong(jobs.workspaceId)))
      .prepare(),
    usageOf: orm.select().from(usage).where(isAmong(usage.workspaceId)).prepare(),
    activitySince: orm
      .select()
      .from(activity)
      .where(gt(activity.id, id))
      .orderBy(asc(activity.id))
      .limit(limit)
      .prepare(),
    addActivity: orm
      .insert(activity)
      .values({
        at: placeholder('at'),
        type: placeholder('type'),
        actor: placeholder('actor'),
        workspaceId: placeholder('workspaceId'),
        workspaceName: placeholder('workspaceName'),
        message: placeholder('message'),
        detail: placeholder('detail'),
      })
      .prepare(),
  };
}

function inEachLane<Statement>(prepare: (lane: Lane) => Statement): Readonly<Record<Lane, Statement>> {
  return { clone: prepare('clone'), start: prepare('start') };
}

/** What changes the row `id`: one statement for each set of columns that are changed together. */
function changes<Statement>(table: SQLiteTable, prepare: (set: Readonly<Record<string, SQL>>) => Statement) {
  const columns = new Map(Object.entries(getTableColumns(table)));
  const prepared = new Map<string, Statement>();
  const valueIn = (name: string) => {
    const column = columns.get(name);
    if (!column) throw new Error(`There is no column ${name}.`);
    // Some columns would write null as something else.
    const encoder = { mapToDriverValue: (value: unknown) => (value === null ? null : column.mapToDriverValue(value)) };
    return sql`${sql.param(sql.placeholder(name), encoder)}`;
  };
  return (names: readonly string[]): Statement => {
    const key = names.join();
    const known = prepared.get(key) ?? prepare(Object.fromEntries(names.map((name) => [name, valueIn(name)])));
    prepared.set(key, known);
    return known;
  };
}
