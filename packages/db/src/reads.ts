/** What can be asked of single things. Each answer is of one moment: all its queries see the same state. */
import type { HostSample } from '@tidepool/core';
import { asc, count, eq, gte, notInArray } from 'drizzle-orm';
import { capacityOf } from './capacity.ts';
import type { Context } from './context.ts';
import { findJob, toJob } from './job-rows.ts';
import { host, hostSamples, jobs, meta, workers, workspaces } from './schema.ts';
import type { Reads } from './store.ts';
import { typicalTimes } from './typical-times.ts';
import { findTombstone, findWorkspace, measurements, showWorkspace, showWorkspaces } from './workspace-rows.ts';

type Listed = 'workspaces' | 'jobs' | 'activity' | 'activitySince' | 'activityBounds';

export function createReads(context: Context): Omit<Reads, Listed> {
  const { orm, read } = context;
  return {
    workspace: (ref) =>
      read(() => {
        const row = findWorkspace(context, ref);
        return row ? showWorkspace(context, row) : null;
      }),
    allWorkspaces: () =>
      read(() => showWorkspaces(context, orm.select().from(workspaces).orderBy(asc(workspaces.name)).all())),
    measurements: () => read(() => measurements(context)),
    hostSamples: () => read(() => hostSamplesOf(context)),
    workspacesByImage: () => read(() => workspacesByImage(context)),
    job: (id) =>
      read(() => {
        const row = findJob(context, id);
        return row ? toJob(row) : null;
      }),
    ports: (workspaceId) =>
      read(() => {
        const row = findWorkspace(context, workspaceId);
        return row ? showWorkspace(context, row).ports : [];
      }),
    databaseId: () => read(() => databaseId(context)),
    capacity: () => read(() => capacityOf(context)),
    counts: () => read(() => counts(context)),
    host: () => read(() => orm.select().from(host).get()?.record ?? null),
    workerAlive: () => read(() => workerAlive(context)),
    typical: () => read(() => typicalTimes(context)),
    tombstone: (ref) => read(() => findTombstone(context, ref) ?? null),
  };
}

function databaseId({ orm }: Context): string {
  const row = orm.select().from(meta).where(eq(meta.key, 'database_id')).get();
  if (!row) throw new Error('The database has no id.');
  return row.value;
}

function workspacesByImage({ orm }: Context): ReadonlyMap<string, number> {
  const rows = orm.select({ image: workspaces.image, made: count() }).from(workspaces).groupBy(workspaces.image).all();
  return new Map(rows.map(({ image, made }) => [image, made]));
}

function hostSamplesOf({ orm, world }: Context): HostSample[] {
  const since = new Date(world.now().getTime() - 60 * 60 * 1000).toISOString();
  return orm.select().from(hostSamples).where(gte(hostSamples.at, since)).orderBy(asc(hostSamples.at)).all();
}

function counts({ orm }: Context): ReturnType<Reads['counts']> {
  const byStatus = orm
    .select({ status: workspaces.status, n: count() })
    .from(workspaces)
    .groupBy(workspaces.status)
    .all();
  const open = orm
    .select({ n: count() })
    .from(jobs)
    .where(notInArray(jobs.status, ['succeeded', 'failed', 'cancelled']))
    .get();
  return {
    total: byStatus.reduce((sum, row) => sum + row.n, 0),
    running: byStatus.find((row) => row.status === 'running')?.n ?? 0,
    openJobs: open?.n ?? 0,
  };
}

function workerAlive({ orm, world }: Context): boolean {
  const now = world.monotonicMs();
  const known = orm.select().from(workers).all();
  return known.some((worker) => worker.leaseUntilMs >= now && world.isAlive(worker));
}
