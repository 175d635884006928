/** The HTTP API, each endpoint once. */
import { z } from 'zod';
import { activity } from './activity.ts';
import type { Endpoint } from './endpoint.ts';
import { gitSource } from './git-source.ts';
import { host, hostSample, imageRecord } from './host.ts';
import { job, jobStatuses } from './job.ts';
import { statuses } from './lifecycle.ts';
import {
  cpus,
  diskGiB,
  memoryMiB,
  port,
  portNumber,
  stopReasons,
  timestamp,
  usage,
  workspace,
  workspaceName,
} from './workspace.ts';

/** An id or a name. */
const workspaceReference = z
  .string()
  .min(1, 'Name a workspace, by its id or its name.')
  .max(64, 'At most 64 characters.');
const workspaceParams = z.strictObject({ id: workspaceReference });

const wholeNumber = /^[0-9]{1,9}$/;

const limit = z
  .string()
  .regex(wholeNumber, 'A whole number from 1 to 100.')
  .transform(Number)
  .pipe(z.int().min(1, 'At least 1.').max(100, 'At most 100.'))
  .default(25);
/** What is kept of a log is its last mebibyte: this is all of it, unless its lines are very short. */
export const maxLogLines = 10_000;
const lines = z
  .string()
  .regex(wholeNumber, `A whole number from 1 to ${maxLogLines}.`)
  .transform(Number)
  .pipe(z.int().min(1, 'At least 1.').max(maxLogLines, `At most ${maxLogLines}.`))
  .default(25);
const cursor = z.string().max(200, 'At most 200 characters.');

const page = { limit, cursor: cursor.optional() };

/** Some of `values`, separated by commas. */
function someOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  const one = `(?:${values.join('|')})`;
  return z
    .string()
    .max(200, 'At most 200 characters.')
    .regex(
      new RegExp(`^${one}(?:,${one})*$`),
      `Separate several by commas, without spaces. There are: ${values.join(', ')}.`,
    )
    .transform((text) => z.array(z.enum(values)).parse(text.split(',')));
}

function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    /** Opaque; null on the last page. */
    nextCursor: z.string().nullable(),
  });
}

export const accepted = z.strictObject({ workspace, job });
export type Accepted = z.infer<typeof accepted>;

/** `job` is null where nothing needs to be done: the workspace does not run, or a job at work will take it along. */
export const portChanged = z.strictObject({ workspace, job: job.nullable() });
export type PortChanged = z.infer<typeof portChanged>;

export const createWorkspaceBody = z.strictObject({
  name: workspaceName,
  cpus: cpus.optional(),
  memoryMiB: memoryMiB.optional(),
  diskGiB: diskGiB.optional(),
  /** The name of an image (its current version is taken). */
  image: z
    .string()
    .min(1, 'Name an image, or leave it out for the usual one.')
    .max(80, 'At most 80 characters.')
    .optional(),
  /** Cloned once into the empty project folder, inside the workspace. */
  source: gitSource.optional(),
});
export type CreateWorkspaceBody = z.infer<typeof createWorkspaceBody>;

export const updateWorkspaceBody = z
  .strictObject({ cpus: cpus.optional(), memoryMiB: memoryMiB.optional(), diskGiB: diskGiB.optional() })
  .refine(
    (body) => Object.keys(body).length > 0,
    'Name at least one field to change: "cpus", "memoryMiB" or "diskGiB".',
  );
export type UpdateWorkspaceBody = z.infer<typeof updateWorkspaceBody>;

export const addPortBody = z.strictObject({
  port: portNumber,
  label: z
    .string()
    .trim()
    .min(1, 'A label is not empty. Leave it out instead.')
    .max(40, 'At most 40 characters.')
    .optional(),
  stripPrefix: z.boolean().default(true),
});
export type AddPortBody = z.input<typeof addPortBody>;

export const logLine = z.strictObject({
  at: z.string(),
  level: z.string(),
  /** `instance` for the workspace's own output, else the process that wrote it. */
  source: z.string(),
  message: z.string(),
});
export type LogLine = z.infer<typeof logLine>;

const jobErrors = [
  'workspace_not_found',
  'job_in_the_way',
  'wrong_status',
  'idempotency_key_reused',
  'disk_full',
] as const;

const endsClone = 'Accepted beside a job of kind `source`, which it ends. Beside any other job it is refused.';

export const contract = {
  listWorkspaces: {
    method: 'GET',
    path: '/api/workspaces',
    summary: 'List the workspaces',
    query: z.strictObject({
      ...page,
      /** Those in one of these, such as `running,starting`. */
      status: someOf(statuses).optional(),
      stopReason: someOf(stopReasons).optional(),
      /** Part of a name, of an image or of a port's label; or a port's number. */
      search: z.string().trim().max(40, 'At most 40 characters.').optional(),
      /** `lastUsed`: those never used first, then the least recently used; `-lastUsed`: the other way round. */
      sort: z.enum(['name', 'lastUsed', '-lastUsed']).default('name'),
    }),
    status: 200,
    response: pageOf(workspace).extend({
      /** How many there are on all pages. */
      total: z.int(),
      /** How many match `search` in each status, whatever `status` and `stopReason` say. */
      counts: z.record(z.enum(statuses), z.int()),
    }),
    errors: ['invalid_cursor'],
  },
  createWorkspace: {
    method: 'POST',
    path: '/api/workspaces',
    summary: 'Create a workspace and start it',
    body: createWorkspaceBody,
    status: 202,
    response: accepted,
    idempotent: true,
    errors: [
      'name_taken',
      'capacity_exhausted',
      'exceeds_capacity',
      'idempotency_key_reused',
      'disk_full',
      'pool_full',
      'not_ready',
      'image_missing',
      'image_not_found',
    ],
  },
  getWorkspace: {
    method: 'GET',
    path: '/api/workspaces/:id',
    summary: 'One workspace, by id or name',
    params: workspaceParams,
    status: 200,
    response: workspace,
    errors: ['workspace_not_found'],
  },
  updateWorkspace: {
    method: 'PATCH',
    path: '/api/workspaces/:id',
    summary: 'Change its size; takes effect at the next start',
    params: workspaceParams,
    body: updateWorkspaceBody,
    status: 200,
    response: workspace,
    errors: ['workspace_not_found', 'exceeds_capacity', 'disk_shrink'],
  },
  deleteWorkspace: {
    method: 'DELETE',
    path: '/api/workspaces/:id',
    summary: 'Delete it with its disk, for good',
    description: 'Accepted in every status but deleting; a job under way is cancelled.',
    params: workspaceParams,
    status: 202,
    response: accepted,
    idempotent: true,
    errors: jobErrors,
  },
  startWorkspace: action('start', 'Start it', ['capacity_exhausted', 'exceeds_capacity']),
  stopWorkspace: { ...action('stop', 'Stop it; its disk stays', []), description: endsClone },
  restartWorkspace: {
    ...action('restart', 'Stop it and start it again', ['capacity_exhausted', 'exceeds_capacity']),
    description: endsClone,
  },
  retryWorkspace: action('retry', 'Run the action that failed again', ['capacity_exhausted', 'exceeds_capacity']),
  cloneSource: {
    ...action('clone-source', 'Clone the repository it was to begin with, where that failed', []),
    description:
      'Accepted while it is running and its repository is not cloned. It stays running; what comes of it is in `source`, and in the job.',
  },
  listPorts: {
    method: 'GET',
    path: '/api/workspaces/:id/ports',
    summary: 'Its registered ports',
    params: workspaceParams,
    status: 200,
    response: z.strictObject({ items: z.array(port) }),
    errors: ['workspace_not_found'],
  },
  addPort: {
    method: 'POST',
    path: '/api/workspaces/:id/ports',
    summary: 'Register a port; nothing needs to listen yet',
    params: workspaceParams,
    body: addPortBody,
    status: 202,
    response: portChanged,
    idempotent: true,
    errors: ['workspace_not_found', 'port_taken', 'too_many_ports', 'wrong_status', 'idempotency_key_reused'],
  },
  removePort: {
    method: 'DELETE',
    path: '/api/workspaces/:id/ports/:port',
    summary: 'Remove a registered port',
    params: z.strictObject({
      id: workspaceReference,
      port: z.string().regex(wholeNumber, 'A port is a whole number.').transform(Number),
    }),
    status: 202,
    response: portChanged,
    errors: ['workspace_not_found', 'port_not_found', 'wrong_status'],
  },
  listActivity: {
    method: 'GET',
    path: '/api/workspaces/:id/activity',
    summary: 'What happened to it, newest first',
    params: workspaceParams,
    query: z.strictObject(page),
    status: 200,
    response: pageOf(activity),
    errors: ['workspace_not_found', 'invalid_cursor'],
  },
  readLogs: {
    method: 'GET',
    path: '/api/workspaces/:id/logs',
    summary: 'The end of its log as JSON lines; with `follow`, what comes too',
    params: workspaceParams,
    query: z.strictObject({ limit: lines, follow: z.enum(['true', 'false']).default('false') }),
    status: 200,
    contentType: 'application/x-ndjson',
    errors: ['workspace_not_found'],
  },
  listJobs: {
    method: 'GET',
    path: '/api/jobs',
    summary: 'Jobs of all workspaces, newest first',
    query: z.strictObject({ ...page, status: someOf(jobStatuses).optional() }),
    status: 200,
    response: pageOf(job),
    errors: ['invalid_cursor'],
  },
  getJob: {
    method: 'GET',
    path: '/api/jobs/:id',
    summary: 'One job, also after its workspace is gone',
    params: z.strictObject({ id: z.uuid('A job id is a UUID.') }),
    status: 200,
    response: job,
    errors: ['job_not_found'],
  },
  streamEvents: {
    method: 'GET',
    path: '/api/events',
    summary: 'Server-sent events: the activity as it is written',
    description:
      'Event `activity` carries one activity row with the state after it. `Last-Event-ID` resumes; event `reset` says that this is not possible and everything has to be read again. Event `usage` says what running workspaces take now; it has no id, and one that was missed is not sent again.',
    query: z.strictObject({ workspace: workspaceReference.optional() }),
    status: 200,
    contentType: 'text/event-stream',
    errors: ['workspace_not_found'],
  },
  getHost: {
    method: 'GET',
    path: '/api/host',
    summary: 'Runtime, capacity, versions and what the preflight found',
    status: 200,
    response: host,
    errors: [],
  },
  getHostHistory: {
    method: 'GET',
    path: '/api/host/history',
    summary: 'What the workspaces took in the last hour, once a minute',
    status: 200,
    response: z.strictObject({ items: z.array(hostSample) }),
    errors: [],
  },
  listImages: {
    method: 'GET',
    path: '/api/images',
    summary: 'The images that workspaces can be made from, and how many workspaces each has',
    status: 200,
    response: z.strictObject({
      items: z.array(imageRecord.extend({ reference: z.string(), workspaces: z.int() })),
    }),
    errors: ['not_ready'],
  },
  getHealth: {
    method: 'GET',
    path: '/api/health',
    summary: 'Whether the server can answer',
    status: 200,
    response: z.strictObject({ status: z.literal('ok') }),
    errors: ['not_ready'],
  },
  getOpenApi: {
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This description',
    status: 200,
    response: z.looseObject({ openapi: z.string() }),
    errors: [],
  },
} as const satisfies Record<string, Endpoint>;

export type Contract = typeof contract;
export type EndpointName = keyof Contract;

function action<const Verb extends string, const Errors extends readonly string[]>(
  verb: Verb,
  summary: string,
  errors: Errors,
) {
  return {
    method: 'POST',
    path: `/api/workspaces/:id/${verb}`,
    summary,
    params: workspaceParams,
    status: 202,
    response: accepted,
    idempotent: true,
    errors: [...jobErrors, ...errors],
  } as const;
}

/** An SSE event of type `activity` carries this as its data. */
export const activityEvent = z.strictObject({
  activity,
  /** The workspace as it was when the event was sent; null where it is gone or the event is of none. */
  workspace: workspace.nullable(),
  job: job.nullable(),
});
export type ActivityEvent = z.infer<typeof activityEvent>;

/** An SSE event of type `usage` carries this as its data: all that were measured, after each measurement. */
export const usageEvent = z.strictObject({
  workspaces: z.array(
    z.strictObject({
      id: z.uuid(),
      usage,
      /** Those of its registered ports where something answered; null where nobody looked yet. */
      listening: z.array(z.int()).nullable(),
      /** When somebody was last connected to it: no activity tells of that. */
      lastAccessedAt: timestamp.nullable(),
    }),
  ),
});
export type UsageEvent = z.infer<typeof usageEvent>;
