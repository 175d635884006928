/** The tables as drizzle sees them. The truth is `migrations/*.sql`; a test compares the two. */
import {
  type Activity,
  actions,
  activityTypes,
  actors,
  type ErrorCode,
  type HostRecord,
  jobKinds,
  jobStatuses,
  type StepName,
  type StepRecord,
  sourceStatuses,
  statuses,
  stopReasons,
  type Workspace,
} from '@tidepool/core';
import { blob, integer, primaryKey, real, sqliteTable, text } from './drizzle.ts';

export const meta = sqliteTable('meta', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});

export const jobs = sqliteTable('jobs', {
  seq: integer('seq').primaryKey({ autoIncrement: true }),
  id: text('id').notNull(),
  workspaceId: text('workspace_id').notNull(),
  workspaceName: text('workspace_name').notNull(),
  kind: text('kind', { enum: jobKinds }).notNull(),
  status: text('status', { enum: jobStatuses }).notNull(),
  behind: text('behind'),
  failures: integer('failures').notNull().default(0),
  crashes: integer('crashes').notNull().default(0),
  cancelRequested: integer('cancel_requested', { mode: 'boolean' }).notNull().default(false),
  plan: text('plan', { mode: 'json' }).$type<StepName[]>().notNull(),
  steps: text('steps', { mode: 'json' }).$type<StepRecord[]>().notNull().default([]),
  errorCode: text('error_code').$type<ErrorCode>(),
  errorMessage: text('error_message'),
  notBefore: text('not_before'),
  putOffAt: text('put_off_at'),
  sentAt: text('sent_at'),
  fence: integer('fence').notNull().default(0),
  leaseBootId: text('lease_boot_id'),
  leasePid: integer('lease_pid'),
  leaseStartTime: text('lease_start_time'),
  leaseUntilMs: integer('lease_until_ms'),
  createdAt: text('created_at').notNull(),
  startedAt: text('started_at'),
  finishedAt: text('finished_at'),
});
export type JobRow = typeof jobs.$inferSelect;

export const workspaces = sqliteTable('workspaces', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  status: text('status', { enum: statuses }).notNull(),
  image: text('image').notNull(),
  cpus: integer('cpus').notNull(),
  memoryMiB: integer('memory_mib').notNull(),
  allottedCpus: integer('allotted_cpus').notNull(),
  allottedMiB: integer('allotted_mib').notNull(),
  address: text('address'),
  errorCode: text('error_code').$type<ErrorCode>(),
  errorMessage: text('error_message'),
  errorAction: text('error_action', { enum: actions }),
  instanceStopped: integer('instance_stopped', { mode: 'boolean' }).notNull().default(false),
  stopReason: text('stop_reason', { enum: stopReasons }),
  lockJobId: text('lock_job_id'),
  fence: integer('fence').notNull().default(0),
  portsVersion: integer('ports_version').notNull().default(0),
  version: integer('version').notNull().default(1),
  createdAt: text('created_at').notNull(),
  updatedAt: text('updated_at').notNull(),
  startedAt: text('started_at'),
  lastAccessedAt: text('last_accessed_at'),
  diskGiB: integer('disk_gib').notNull().default(20),
  sourceGit: text('source_git'),
  sourceRef: text('source_ref'),
  sourceStatus: text('source_status', { enum: sourceStatuses }),
  sourceErrorCode: text('source_error_code').$type<ErrorCode>(),
  sourceErrorMessage: text('source_error_message'),
  allottedDiskGiB: integer('allotted_disk_gib').notNull().default(20),
  statusSince: text('status_since').notNull(),
});
export type WorkspaceRow = typeof workspaces.$inferSelect;

export const ports = sqliteTable(
  'ports',
  {
    workspaceId: text('workspace_id').notNull(),
    port: integer('port').notNull(),
    label: text('label'),
    stripPrefix: integer('strip_prefix', { mode: 'boolean' }).notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.port] })],
);
export type PortRow = typeof ports.$inferSelect;

export const usage = sqliteTable('usage', {
  workspaceId: text('workspace_id').primaryKey(),
  cpus: real('cpus'),
  memoryMiB: integer('memory_mib').notNull(),
  diskMiB: integer('disk_mib'),
  at: text('at').notNull(),
  listening: text('listening', { mode: 'json' }).$type<number[]>(),
});
export type UsageRow = typeof usage.$inferSelect;

export const hostSamples = sqliteTable('host_samples', {
  at: text('at').primaryKey(),
  running: integer('running').notNull(),
  allottedMiB: integer('allotted_mib').notNull(),
  memoryMiB: integer('memory_mib'),
  cpus: real('cpus'),
});

export const activity = sqliteTable('activity', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  at: text('at').notNull(),
  type: text('type', { enum: activityTypes }).notNull(),
  actor: text('actor', { enum: actors }).notNull(),
  workspaceId: text('workspace_id'),
  workspaceName: text('workspace_name'),
  message: text('message').notNull(),
  detail: text('detail', { mode: 'json' }).$type<Activity['detail']>().notNull(),
});

export const tombstones = sqliteTable('tombstones', {
  workspaceId: text('workspace_id').primaryKey(),
  name: text('name').notNull(),
  deletedAt: text('deleted_at').notNull(),
});

export const idempotencyKeys = sqliteTable('idempotency_keys', {
  key: text('key').primaryKey(),
  bodyHash: text('body_hash').notNull(),
  workspaceId: text('workspace_id').notNull(),
  jobId: text('job_id'),
  workspace: text('workspace', { mode: 'json' }).$type<Workspace>().notNull(),
  createdAt: text('created_at').notNull(),
});

/** Empty but for a moment: it makes free pages. */
export const filling = sqliteTable('filling', { bytes: blob('bytes').notNull() });

export const host = sqliteTable('host', {
  id: integer('id').primaryKey(),
  record: text('record', { mode: 'json' }).$type<HostRecord>().notNull(),
});

export const workers = sqliteTable(
  'workers',
  {
    bootId: text('boot_id').notNull(),
    pid: integer('pid').notNull(),
    startTime: text('start_time').notNull(),
    leaseUntilMs: integer('lease_until_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.bootId, table.pid, table.startTime] })],
);
