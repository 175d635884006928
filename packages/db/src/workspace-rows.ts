/** Workspaces in the database: finding, changing, and showing them as the API does. */
import {
  occupying,
  type Port,
  portPath,
  TidepoolError,
  type Usage,
  type UsageEvent,
  type Workspace,
  type WorkspaceSource,
  workspacePath,
} from '@tidepool/core';
import { type Context, timestampNow } from './context.ts';
import { desc, eq, or } from './drizzle.ts';
import { fixOf } from './job-rows.ts';
import { type PortRow, tombstones, type UsageRow, usage, type WorkspaceRow, workspaces } from './schema.ts';

/** By id or name. */
export function findWorkspace({ statements }: Context, ref: string): WorkspaceRow | undefined {
  return statements.workspace.get({ ref });
}

/** @throws TidepoolError `workspace_not_found` */
export function getWorkspace(context: Context, ref: string): WorkspaceRow {
  const row = findWorkspace(context, ref);
  if (row) return row;
  const grave = findTombstone(context, ref);
  const detail = grave
    ? `The workspace "${grave.name}" was deleted at ${grave.deletedAt}.`
    : `There is no workspace "${ref}".`;
  throw new TidepoolError('workspace_not_found', { detail });
}

/** Of a deleted workspace's id, or of the last one that had the name. */
export function findTombstone({ orm }: Context, ref: string): { name: string; deletedAt: string } | undefined {
  return orm
    .select({ name: tombstones.name, deletedAt: tombstones.deletedAt })
    .from(tombstones)
    .where(or(eq(tombstones.workspaceId, ref), eq(tombstones.name, ref)))
    .orderBy(desc(tombstones.deletedAt))
    .limit(1)
    .get();
}

/** A change that the API shows: counts the version up, and notes since when it has its status where that is another. */
export function changeWorkspace(
  context: Context,
  id: string,
  change: Partial<Omit<WorkspaceRow, 'id' | 'version' | 'updatedAt' | 'statusSince'>>,
): WorkspaceRow {
  const now = timestampNow(context);
  return context.statements.changeWorkspace(Object.keys(change)).get({ id, now, ...change });
}

export function portsOf({ statements }: Context, workspaceId: string): PortRow[] {
  return statements.portsOf.all({ ids: JSON.stringify([workspaceId]) });
}

/** @param taken at the last look; null where nobody looked */
export function toPort(name: string, row: PortRow, taken: Pick<UsageRow, 'listening' | 'at'> | null): Port {
  // Nobody looks at a port before it is registered.
  const listening = taken !== null && row.createdAt <= taken.at ? taken.listening : null;
  return {
    port: row.port,
    label: row.label,
    listening: listening?.includes(row.port) ?? null,
    stripPrefix: row.stripPrefix,
    path: portPath(name, row.port),
    createdAt: row.createdAt,
  };
}

export function showWorkspace(context: Context, row: WorkspaceRow): Workspace {
  const [workspace] = showWorkspaces(context, [row]);
  if (!workspace) throw new Error('One row is one workspace.');
  return workspace;
}

/** Rows with what belongs to them, in three more queries for all of them together. */
export function showWorkspaces({ statements }: Context, rows: readonly WorkspaceRow[]): Workspace[] {
  if (rows.length === 0) return [];
  const ids = JSON.stringify(rows.map((row) => row.id));
  const registered = statements.portsOf.all({ ids });
  const waiting = statements.waitingJobsOf.all({ ids });
  const measured = statements.usageOf.all({ ids });
  const portsById = Map.groupBy(registered, ({ workspaceId }) => workspaceId);
  const usageById = new Map(measured.map((row) => [row.workspaceId, row]));
  const waitingById = new Map(waiting.map(({ workspaceId, id }) => [workspaceId, id]));
  return rows.map((row) =>
    toWorkspace(
      row,
      portsById.get(row.id) ?? [],
      usageById.get(row.id) ?? null,
      // What waits is what the workspace is about, not the job that it puts an end to.
      waitingById.get(row.id) ?? row.lockJobId,
    ),
  );
}

function toWorkspace(
  row: WorkspaceRow,
  registered: readonly PortRow[],
  measured: UsageRow | null,
  jobId: string | null,
): Workspace {
  const { errorCode: code, errorMessage: message, errorAction: action } = row;
  const taken = measured && isOfThisRun(row, measured) ? measured : null;
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    image: row.image,
    cpus: row.cpus,
    memoryMiB: row.memoryMiB,
    diskGiB: row.diskGiB,
    inForce: inForce(row),
    source: toSource(row),
    usage: taken && toUsage(taken),
    address: row.address,
    error: code === null || message === null || action === null ? null : { code, message, action, fix: fixOf(code) },
    stopReason: row.stopReason,
    jobId,
    ports: registered.map((port) => toPort(row.name, port, taken)),
    path: workspacePath(row.name),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    statusSince: row.statusSince,
    startedAt: row.startedAt,
    lastAccessedAt: row.lastAccessedAt,
  };
}

/** Where an instance is, or may be: what it was given at the last accepted start. The same counts as memory held. */
function inForce(row: WorkspaceRow): Workspace['inForce'] {
  const { status, instanceStopped, allottedCpus, allottedMiB, allottedDiskGiB } = row;
  const mayRun = occupying.includes(status) || status === 'error';
  if (!mayRun || instanceStopped) return null;
  return { cpus: allottedCpus, memoryMiB: allottedMiB, diskGiB: allottedDiskGiB };
}

function toSource(row: WorkspaceRow): WorkspaceSource | null {
  const { sourceGit: git, sourceRef: ref, sourceStatus: status, sourceErrorCode: code, sourceErrorMessage } = row;
  if (git === null || status === null) return null;
  return { git, ref, status, error: code && { code, message: sourceErrorMessage ?? '', fix: fixOf(code) } };
}

/** What running workspaces took when they were last measured. */
export function measurements({ orm }: Context): UsageEvent['workspaces'] {
  const rows = orm.select().from(usage).innerJoin(workspaces, eq(workspaces.id, usage.workspaceId)).all();
  return rows
    .filter((row) => isOfThisRun(row.workspaces, row.usage))
    .map(({ workspaces: { id, lastAccessedAt }, usage: taken }) => ({
      id,
      usage: toUsage(taken),
      listening: taken.listening,
      lastAccessedAt,
    }));
}

function isOfThisRun({ status, startedAt }: WorkspaceRow, { at }: UsageRow): boolean {
  return status === 'running' && (startedAt === null || at >= startedAt);
}

function toUsage({ cpus, memoryMiB, diskMiB, at }: UsageRow): Usage {
  return { cpus, memoryMiB, diskMiB, at };
}
