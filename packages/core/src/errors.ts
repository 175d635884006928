/** The one catalogue of errors: code → HTTP status, title, fix. Domain code throws codes; one place makes problem+json of them. */

export const catalogue = {
  // Requests
  invalid_request: {
    status: 400,
    title: 'The request is not valid',
    fix: 'Correct the fields named here and send it again.',
  },
  invalid_json: {
    status: 400,
    title: 'The body is not valid JSON',
    fix: 'Send a JSON object, such as {"name": "web-app"}.',
  },
  invalid_cursor: {
    status: 400,
    title: 'The cursor is not valid',
    fix: 'Leave out "cursor" to begin again, or use "nextCursor" of the last answer unchanged.',
  },
  unauthenticated: {
    status: 401,
    title: 'Not signed in',
    fix: 'Send the user and password that `npm start` printed, as basic auth.',
  },
  foreign_origin: {
    status: 403,
    title: 'The request comes from another origin',
    fix: 'Send state-changing requests from the page of Tidepool itself, or from no browser.',
  },
  not_through_proxy: {
    status: 403,
    title: 'The request did not come through the proxy',
    fix: 'Use the address that `npm start` printed.',
  },
  unknown_route: { status: 404, title: 'There is no such address', fix: 'See /api/openapi.json for what there is.' },
  workspace_not_found: {
    status: 404,
    title: 'There is no such workspace',
    fix: 'It may have been deleted. The list of workspaces shows those that there are.',
  },
  job_not_found: {
    status: 404,
    title: 'There is no such job',
    fix: 'Use the job id of the answer that accepted the change.',
  },
  port_not_found: {
    status: 404,
    title: 'This port is not registered',
    fix: 'It may have been removed. The workspace shows those that it has.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This address does not take that method',
    fix: 'Use one of the methods named in the Allow header.',
  },
  body_too_large: { status: 413, title: 'The body is too large', fix: 'Send at most 1 MiB.' },
  uri_too_long: { status: 414, title: 'The address is too long', fix: 'Shorten the query.' },
  request_timeout: {
    status: 408,
    title: 'The request did not arrive in time',
    fix: 'Send it again, whole within a minute.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are too large',
    fix: 'Send fewer or shorter headers, cookies included.',
  },
  unsupported_media_type: { status: 415, title: 'The body is not JSON', fix: 'Send Content-Type: application/json.' },
  // Conflicts
  name_taken: {
    status: 409,
    title: 'The name is in use',
    fix: 'Choose another name, or delete the workspace that has it.',
  },
  job_in_the_way: {
    status: 409,
    title: 'Another change is under way',
    fix: 'Wait until that job has ended, then ask again.',
  },
  wrong_status: {
    status: 409,
    title: 'Not possible in its present state',
    fix: 'See "detail" for the states in which it is.',
  },
  capacity_exhausted: {
    status: 409,
    title: 'The memory of this host is used up',
    fix: 'Stop the workspace named here, then start this one.',
  },
  port_taken: { status: 409, title: 'This port is registered already', fix: 'Use it as it is, or remove it first.' },
  too_many_ports: { status: 409, title: 'Five ports are registered already', fix: 'Remove one first.' },
  exceeds_capacity: { status: 422, title: 'Larger than the whole host', fix: 'Ask for less memory.' },
  idempotency_key_reused: {
    status: 422,
    title: 'This Idempotency-Key came with another request before',
    fix: 'Use a new key for a new request.',
  },
  disk_full: {
    status: 507,
    title: 'The disk of this host is full',
    fix: 'Free some space in the home of Tidepool, then try again.',
  },
  busy: { status: 503, title: 'The database is busy', fix: 'Try again in a moment.' },
  not_ready: { status: 503, title: 'Tidepool is not ready yet', fix: 'Try again in a moment.' },
  internal: {
    status: 500,
    title: 'Tidepool made a mistake',
    fix: 'Try again. If it stays, report the request id with the log of the server.',
  },
  // Failures of a job, shown on the workspace
  runtime_unavailable: {
    status: 503,
    title: 'The runtime does not answer',
    fix: 'Run `tidepool doctor` on the host, then retry.',
  },
  image_missing: {
    status: 503,
    title: 'The workspace image is missing',
    fix: 'Run `tidepool image build` on the host. Then retry.',
  },
  image_not_found: {
    status: 422,
    title: 'There is no such image',
    fix: 'Use one of those that GET /api/images lists, or build it with `tidepool image build`.',
  },
  image_in_use: {
    status: 409,
    title: 'Workspaces are made of this image',
    fix: 'Delete these workspaces first, or keep the image.',
  },
  image_failed: {
    status: 500,
    title: 'The image could not be built, or does not boot',
    fix: 'See the log named here, then run `tidepool image build` again: it goes on from where it can.',
  },
  disk_shrink: {
    status: 422,
    title: 'A disk does not become smaller',
    fix: 'Ask for at least the size it has.',
  },
  unsupported: {
    status: 409,
    title: 'This runtime cannot do that',
    fix: 'See the capabilities at GET /api/host and docs/runtimes.md for the runtimes that can.',
  },
  runtime_missing: {
    status: 503,
    title: 'The runtime is not there',
    fix: 'Run `tidepool setup incus` on the host, then retry.',
  },
  runtime_forbidden: {
    status: 503,
    title: 'Tidepool may not use the runtime',
    fix: 'Run Tidepool as root or as a member of the group incus-admin, then retry.',
  },
  runtime_too_old: {
    status: 503,
    title: 'This version of the runtime is too old',
    fix: 'Install the version named here or a later one, then retry.',
  },
  runtime_not_set_up: {
    status: 503,
    title: 'The runtime is not set up for Tidepool',
    fix: 'Run `tidepool setup incus` on the host, then retry.',
  },
  runtime_nested: {
    status: 503,
    title: 'This machine does not let the runtime start instances',
    fix: 'Where it is a container itself, allow it nesting (security.nesting=true), then retry.',
  },
  runtime_type_unavailable: {
    status: 503,
    title: 'The runtime cannot run that type of instance here',
    fix: 'Leave TIDEPOOL_INCUS_TYPE out, or give the host what virtual machines need.',
  },
  pool_full: {
    status: 507,
    title: 'The storage pool of the runtime is full',
    fix: 'Delete workspaces or old images, or make the pool larger, then retry.',
  },
  network_conflict: {
    status: 503,
    title: 'The address range of the bridge is in use elsewhere',
    fix: 'Stop all workspaces and give the bridge another range: `tidepool setup incus --check` names a free one and the command.',
  },
  instance_foreign: {
    status: 409,
    title: 'An instance of that name is not of this Tidepool',
    fix: 'Rename or remove it by hand; Tidepool does not touch what it did not make.',
  },
  instance_no_address: {
    status: 504,
    title: 'The machine of the workspace got no address',
    fix: 'Run `tidepool setup incus --check` on the host, then retry.',
  },
  vm_limit: {
    status: 409,
    title: 'This host runs as many virtual machines as its system allows',
    fix: 'Stop another workspace or virtual machine, then retry.',
  },
  instance_failed: { status: 500, title: 'The machine of the workspace failed', fix: 'See its log, then retry.' },
  instance_gone: {
    status: 409,
    title: 'The machine of the workspace is gone, and its files with it',
    fix: 'Put it back under its old name, from a backup for example, then retry; or delete the workspace. If Tidepool ran on another runtime before, name that one in TIDEPOOL_RUNTIME again.',
  },
  instance_not_found: { status: 404, title: 'The workspace has no machine', fix: 'Start the workspace.' },
  instance_not_running: { status: 409, title: 'The workspace does not run', fix: 'Start the workspace.' },
  ide_not_ready: {
    status: 504,
    title: 'The editor did not answer in time',
    fix: 'See the log of the workspace, then retry.',
  },
  proxy_unavailable: {
    status: 503,
    title: 'Caddy does not answer',
    fix: 'It is started again by itself; retry in a moment.',
  },
  caddy_too_old: {
    status: 503,
    title: 'Routes in its config need Caddy 2.7 or newer: an older one closes all terminals at each change',
    fix: 'Install a newer Caddy and name it in TIDEPOOL_CADDY, or leave TIDEPOOL_ROUTES out: files work with 2.6.2 too.',
  },
  // Of a clone, shown on the workspace's source
  source_host_not_found: {
    status: 422,
    title: 'The host of the repository was not found',
    fix: 'Check the address for a slip, and that this host has a connection. Then try again.',
  },
  source_unreachable: {
    status: 504,
    title: 'The host of the repository does not answer',
    fix: 'Check the address and its port, then try again. Workspaces reach public addresses only, not those of your own network.',
  },
  source_certificate: {
    status: 422,
    title: 'The certificate of the repository is not trusted',
    fix: 'Have its owner put the certificate right. Or name the authority that you trust in Git inside the workspace (http.sslCAInfo), then try again.',
  },
  source_not_found: {
    status: 422,
    title: 'There is no such repository, or it is not public',
    fix: 'Check the address. One that is not public you can clone inside the workspace, where you can sign in.',
  },
  source_ref_not_found: {
    status: 422,
    title: 'The repository has no such branch, tag or commit',
    fix: 'Make a workspace that names another one, or none for the default branch. Or clone it inside this one.',
  },
  source_folder_not_empty: {
    status: 409,
    title: 'The project folder is not empty',
    fix: 'Nothing in it was touched. Move its files elsewhere and try again, or clone the repository inside the workspace.',
  },
  source_disk_full: {
    status: 507,
    title: 'The disk has no room for the repository',
    fix: 'Give the workspace a larger disk and restart it, or free some space on the host. Then try again.',
  },
  source_timeout: {
    status: 504,
    title: 'The repository was not cloned in time',
    fix: 'Try again, or clone it inside the workspace, where it may take as long as it needs.',
  },
  source_stopped: {
    status: 409,
    title: 'The workspace was stopped before its repository was cloned',
    fix: 'Try again while it is running.',
  },
  source_git_missing: {
    status: 422,
    title: 'There is no Git inside the workspace',
    fix: 'Install Git on this host (on the sandbox runtime), or take an image that has it. Then try again.',
  },
  source_failed: {
    status: 422,
    title: 'Git could not clone the repository',
    fix: 'See the log of the workspace for what Git said, then try again or clone it inside the workspace.',
  },
  queue_unavailable: {
    status: 503,
    title: 'The queue does not answer',
    fix: 'Nothing is lost: jobs go on without it. Tidepool restarts its own queue; start the one that TIDEPOOL_QUEUE_URL names yourself.',
  },
  crash_loop: {
    status: 500,
    title: 'The job ended its worker ten times',
    fix: 'See the log of the worker, then retry.',
  },
  deadline_exceeded: { status: 504, title: 'It took too long', fix: 'See the log of the workspace, then retry.' },
  cancelled: { status: 409, title: 'It was cancelled', fix: 'Nothing to do.' },
  fence_lost: { status: 409, title: 'Another worker has taken over', fix: 'Nothing to do: the other one goes on.' },
  // Start of a process
  invalid_config: { status: 500, title: 'The configuration is not valid', fix: 'Correct the variable named here.' },
} as const satisfies Record<string, { status: number; title: string; fix: string }>;

export type ErrorCode = keyof typeof catalogue;

/** A field that was refused: where (a JSON path such as `ports.0.port`), and why. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export interface ErrorOptions {
  /** What is the case here, in a sentence; the title where absent. */
  readonly detail?: string;
  readonly fields?: readonly FieldError[];
  /** Instead of the catalogue's. */
  readonly fix?: string;
  /** Further members of the problem document, such as `job` or `stop`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Whether the same call may pass later with nobody's help. Steps are tried again on these. */
  readonly passing?: boolean;
  readonly cause?: unknown;
}

export class TidepoolError extends Error {
  override readonly name = 'TidepoolError';
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  readonly fix: string;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly passing: boolean;

  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    super(options.detail ?? catalogue[code].title, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? [];
    this.fix = options.fix ?? catalogue[code].fix;
    this.extra = options.extra ?? {};
    this.passing = options.passing ?? false;
  }
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}
