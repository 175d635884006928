/** What can be asked of single things. Each answer is of one moment: all its queries see the same state. */
import { capacityOf } from './capacity.ts';
import type { Context } from './context.ts';
import { asc, count, eq, inArray } from './drizzle.ts';
import { findJob, toJob } from './job-rows.ts';
import { host, jobs, meta, ports, workers, workspaces } from './schema.ts';
import type { Reads } from './store.ts';
import { typicalTimes } from './typical-times.ts';
import { findTombstone, findWorkspace, measurements, showWorkspace, showWorkspaces } from './workspace-rows.ts';

type Elsewhere = 'workspaces' | 'jobs' | 'activity' | 'activitySince' | 'activityBounds' | 'hostSamples';

export function createReads(context: Context): Omit<Reads, Elsewhere> {
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
    registeredPorts: () => read(() => registeredPorts(context)),
    version: context.version,
    databaseId: () => read(() => databaseId(context)),
    capacity: () => read(() => capacityOf(context)),
    counts: () => read(() => counts(context)),
    host: () => read(() => orm.select().from(host).get()?.record ?? null),
    freeDiskMiB: () => context.world.freeMiB(context.directory),
    workerAlive: () => read(() => workerAlive(context)),
    typical: () => read(() => typicalTimes(context)),
    tombstone: (ref) => read(() => findTombstone(context, ref) ?? null),
  };
}

function databaseId({ orm, world }: Context): string {
  const row = orm.select().from(meta).where(eq(meta.key, 'database_id')).get();
  if (!row) throw new Error('The database has no id.');
  // The last notes may be lost where the power failed, and their numbers given again.
  return `${row.value}${world.bootId().slice(0, 8)}`;
}

function workspacesByImage({ orm }: Context): ReadonlyMap<string, number> {
  const rows = orm.select({ image: workspaces.image, made: count() }).from(workspaces).groupBy(workspaces.image).all();
  return new Map(rows.map(({ image, made }) => [image, made]));
}

function registeredPorts({ orm }: Context): ReturnType<Reads['registeredPorts']> {
  const rows = orm
    .select({ id: workspaces.id, workspaceName: workspaces.name, port: ports.port })
    .from(ports)
    .innerJoin(workspaces, eq(workspaces.id, ports.workspaceId))
    .where(eq(workspaces.status, 'running'))
    .all();
  const found = new Map<string, { workspaceName: string; ports: number[] }>();
  for (const { id, workspaceName, port } of rows) {
    found.set(id, { workspaceName, ports: [...(found.get(id)?.ports ?? []), port] });
  }
  return found;
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
    .where(inArray(jobs.status, ['waiting', 'queued', 'running']))
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
