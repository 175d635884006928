/** The HTTP API, each endpoint once. */
import { z } from 'zod';
import { activity } from './activity.ts';
import { addPortBody, createWorkspaceBody, updateWorkspaceBody } from './bodies.ts';
import type { Endpoint } from './endpoint.ts';
import { host, hostSample, imageRecord } from './host.ts';
import { job, jobStatuses } from './job.ts';
import { statuses } from './lifecycle.ts';
import { maxLogLines } from './log-line.ts';
import { requestLines } from './request-lines.ts';
import { stopReasons } from './stop-reasons.ts';
import { port, workspace } from './workspace.ts';

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
    ...requestLines.listWorkspaces,
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
    ...requestLines.createWorkspace,
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
    ...requestLines.getWorkspace,
    summary: 'One workspace, by id or name',
    params: workspaceParams,
    status: 200,
    response: workspace,
    errors: ['workspace_not_found'],
  },
  updateWorkspace: {
    ...requestLines.updateWorkspace,
    summary: 'Change its size; takes effect at the next start',
    params: workspaceParams,
    body: updateWorkspaceBody,
    status: 200,
    response: workspace,
    errors: ['workspace_not_found', 'exceeds_capacity', 'disk_shrink'],
  },
  deleteWorkspace: {
    ...requestLines.deleteWorkspace,
    summary: 'Delete it with its disk, for good',
    description: 'Accepted in every status but deleting; a job under way is cancelled.',
    params: workspaceParams,
    status: 202,
    response: accepted,
    idempotent: true,
    errors: jobErrors,
  },
  startWorkspace: { ...requestLines.startWorkspace, ...action('Start it', ['capacity_exhausted', 'exceeds_capacity']) },
  stopWorkspace: { ...requestLines.stopWorkspace, ...action('Stop it; its disk stays', []), description: endsClone },
  restartWorkspace: {
    ...requestLines.restartWorkspace,
    ...action('Stop it and start it again', ['capacity_exhausted', 'exceeds_capacity']),
    description: endsClone,
  },
  retryWorkspace: {
    ...requestLines.retryWorkspace,
    ...action('Run the action that failed again', ['capacity_exhausted', 'exceeds_capacity']),
  },
  cloneSource: {
    ...requestLines.cloneSource,
    ...action('Clone the repository it was to begin with, where that failed', []),
    description:
      'Accepted while it is running and its repository is not cloned. It stays running; what comes of it is in `source`, and in the job.',
  },
  listPorts: {
    ...requestLines.listPorts,
    summary: 'Its registered ports',
    params: workspaceParams,
    status: 200,
    response: z.strictObject({ items: z.array(port) }),
    errors: ['workspace_not_found'],
  },
  addPort: {
    ...requestLines.addPort,
    summary: 'Register a port; nothing needs to listen yet',
    params: workspaceParams,
    body: addPortBody,
    status: 202,
    response: portChanged,
    idempotent: true,
    errors: ['workspace_not_found', 'port_taken', 'too_many_ports', 'wrong_status', 'idempotency_key_reused'],
  },
  removePort: {
    ...requestLines.removePort,
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
    ...requestLines.listActivity,
    summary: 'What happened to it, newest first',
    params: workspaceParams,
    query: z.strictObject(page),
    status: 200,
    response: pageOf(activity),
    errors: ['workspace_not_found', 'invalid_cursor'],
  },
  readLogs: {
    ...requestLines.readLogs,
    summary: 'The end of its log as JSON lines; with `follow`, what comes too',
    params: workspaceParams,
    query: z.strictObject({ limit: lines, follow: z.enum(['true', 'false']).default('false') }),
    status: 200,
    contentType: 'application/x-ndjson',
    errors: ['workspace_not_found'],
  },
  listJobs: {
    ...requestLines.listJobs,
    summary: 'Jobs of all workspaces, newest first',
    query: z.strictObject({ ...page, status: someOf(jobStatuses).optional() }),
    status: 200,
    response: pageOf(job),
    errors: ['invalid_cursor'],
  },
  getJob: {
    ...requestLines.getJob,
    summary: 'One job, also after its workspace is gone',
    params: z.strictObject({ id: z.uuid('A job id is a UUID.') }),
    status: 200,
    response: job,
    errors: ['job_not_found'],
  },
  streamEvents: {
    ...requestLines.streamEvents,
    summary: 'Server-sent events: the activity as it is written',
    description:
      'Event `activity` carries one activity row with the state after it. `Last-Event-ID` resumes; event `reset` says that this is not possible and everything has to be read again. Event `usage` says what running workspaces take now; it has no id, and one that was missed is not sent again.',
    query: z.strictObject({ workspace: workspaceReference.optional() }),
    status: 200,
    contentType: 'text/event-stream',
    errors: ['workspace_not_found'],
  },
  getHost: {
    ...requestLines.getHost,
    summary: 'Runtime, capacity, versions and what the preflight found',
    status: 200,
    response: host,
    errors: [],
  },
  getHostHistory: {
    ...requestLines.getHostHistory,
    summary: 'What the workspaces took in the last hour, once a minute',
    status: 200,
    response: z.strictObject({ items: z.array(hostSample) }),
    errors: [],
  },
  listImages: {
    ...requestLines.listImages,
    summary: 'The images that workspaces can be made from, and how many workspaces each has',
    status: 200,
    response: z.strictObject({
      items: z.array(imageRecord.extend({ reference: z.string(), workspaces: z.int() })),
    }),
    errors: ['not_ready'],
  },
  getHealth: {
    ...requestLines.getHealth,
    summary: 'Whether the server can answer',
    status: 200,
    response: z.strictObject({ status: z.literal('ok') }),
    errors: ['not_ready'],
  },
  getOpenApi: {
    ...requestLines.getOpenApi,
    summary: 'This description',
    status: 200,
    response: z.looseObject({ openapi: z.string() }),
    errors: [],
  },
} as const satisfies Record<keyof typeof requestLines, Endpoint>;

export type Contract = typeof contract;
export type EndpointName = keyof Contract;

function action<const Errors extends readonly string[]>(summary: string, errors: Errors) {
  return {
    summary,
    params: workspaceParams,
    status: 202,
    response: accepted,
    idempotent: true,
    errors: [...jobErrors, ...errors],
  } as const;
}
