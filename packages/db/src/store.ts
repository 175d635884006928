/**
 * What the database can be asked and told, in terms of the domain. The only two ways a workspace's status changes are
 * accepting a request (from → via) and settling a job (via → to or error), both compare-and-set in one immediate
 * transaction with their activity row; `reconcile` writes what was found to be so.
 *
 * Everything here is synchronous (better-sqlite3). A database that stays locked for 2 s is TidepoolError `busy`; a full
 * disk is `disk_full`.
 */
import type {
  Action,
  Activity,
  Actor,
  Capacity,
  ErrorCode,
  Host,
  HostRecord,
  HostSample,
  Job,
  JobStatus,
  Port,
  Status,
  StepName,
  StopReason,
  UsageEvent,
  Workspace,
} from '@tidepool/core';

export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

/** As the API's `listWorkspaces` takes it. */
export interface WorkspaceQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly status?: readonly Status[] | undefined;
  readonly stopReason?: readonly StopReason[] | undefined;
  readonly search?: string | undefined;
  readonly sort?: 'name' | 'lastUsed' | '-lastUsed';
}

export interface WorkspacePage extends Page<Workspace> {
  /** On all pages. */
  readonly total: number;
  /** Of all that match the search. */
  readonly counts: Record<Status, number>;
}

/** Who asks, and how a repeated request is known. */
export interface RequestContext {
  readonly actor: Actor;
  /** `bodyHash` covers method, path and body. The same key with another hash is `idempotency_key_reused`. Kept 24 h. */
  readonly idempotency?: { readonly key: string; readonly bodyHash: string };
}

/** Who holds a lease. It is void at once when that process is gone or the boot is another. */
export interface Holder {
  /** `/proc/sys/kernel/random/boot_id`. */
  readonly bootId: string;
  readonly pid: number;
  /** Field 22 of `/proc/PID/stat`, in clock ticks since boot: the same pid at another time is another process. */
  readonly startTime: string;
}

export interface Reads {
  /** By id or name. */
  workspace(ref: string): Workspace | null;
  /** @throws `invalid_cursor` */
  workspaces(query: WorkspaceQuery): WorkspacePage;
  /** Newest first. @throws `invalid_cursor` */
  jobs(query: { limit: number; cursor?: string | undefined; status?: readonly JobStatus[] | undefined }): Page<Job>;
  /** Of the last hour, oldest first; none where nobody sampled. */
  hostSamples(): HostSample[];
  /** How many workspaces each image has, by reference (`workspace@<version>`). */
  workspacesByImage(): ReadonlyMap<string, number>;
  /** All of them, for reconciling and routing. */
  allWorkspaces(): Workspace[];
  /** What the running ones took at the last measurement, by their ids. */
  measurements(): UsageEvent['workspaces'];
  job(id: string): Job | null;
  ports(workspaceId: string): Port[];
  /** Of the running workspaces that have any, by their ids. */
  registeredPorts(): ReadonlyMap<string, { readonly workspaceName: string; readonly ports: readonly number[] }>;
  /** Newest first. @throws `invalid_cursor` */
  activity(query: { workspaceId: string; limit: number; cursor?: string | undefined }): Page<Activity>;
  /** Another number once anything was committed by another store: while it is the same, nothing that others wrote is to be read anew. */
  version(): number;
  /** Ascending, after `id`. */
  activitySince(id: number, limit: number): Activity[];
  /** `first` is the oldest kept, `last` the newest ever given; 0 where there is none. */
  activityBounds(): { readonly first: number; readonly last: number };
  /** Random, made with the database, and another after each boot of the host: part of every SSE id. */
  databaseId(): string;
  capacity(): Capacity;
  counts(): { readonly total: number; readonly running: number; readonly openJobs: number };
  host(): HostRecord | null;
  /** Of the disk that the database is on, now. */
  freeDiskMiB(): number;
  /** Whether a worker's heartbeat is younger than its lease and its process alive. */
  workerAlive(): boolean;
  /**
   * Medians of the last 20 that succeeded, in milliseconds: of jobs from acceptance to success, and of each step of those
   * that start something. Clones are left out: how long one takes is its repository's own. null where there was none.
   */
  typical(): Host['typical'];
  /** A name's or id's tombstone. */
  tombstone(workspaceId: string): { readonly name: string; readonly deletedAt: string } | null;
}

/** What the server does. Each is one immediate transaction; each that accepts a job leaves it `queued` for the outbox. */
export interface Requests {
  /** @throws `name_taken`, `capacity_exhausted`, `exceeds_capacity`, `disk_full`, `idempotency_key_reused` */
  create(
    input: {
      name: string;
      image: string;
      cpus: number;
      memoryMiB: number;
      diskGiB: number;
      source?: { git: string; ref?: string | undefined } | undefined;
    },
    context: RequestContext,
  ): { workspace: Workspace; job: Job };
  /** `retry` runs the failed action again. @throws `workspace_not_found`, `job_in_the_way`, `wrong_status`, `capacity_exhausted`, … */
  act(
    ref: string,
    verb: Exclude<Action, 'create'> | 'retry',
    context: RequestContext,
  ): { workspace: Workspace; job: Job };
  /** Applied at the next start. @throws `workspace_not_found`, `exceeds_capacity`, `disk_shrink` */
  resize(
    ref: string,
    size: { cpus?: number | undefined; memoryMiB?: number | undefined; diskGiB?: number | undefined },
    context: RequestContext,
  ): Workspace;
  /** @throws `port_taken`, `too_many_ports`, `wrong_status` (deleting) */
  addPort(
    ref: string,
    port: { port: number; label: string | null; stripPrefix: boolean },
    context: RequestContext,
  ): { workspace: Workspace; job: Job | null };
  /** @throws `port_not_found` */
  removePort(ref: string, port: number, context: RequestContext): { workspace: Workspace; job: Job | null };
  /** Clones the repository it was to begin with. @throws `workspace_not_found`, `job_in_the_way`, `wrong_status` */
  cloneSource(ref: string, context: RequestContext): { workspace: Workspace; job: Job };
  /** Jobs that are `queued`, due and not yet known to be sent, oldest first. */
  outbox(limit: number): { id: string }[];
  /** Notes that the queue took it; of no consequence where a worker has claimed it already. */
  sent(jobId: string): void;
}

export interface Claim {
  readonly job: Job;
  readonly workspace: Workspace;
  /** The workspace's fence: this claim's number. */
  readonly fence: number;
  readonly portsVersion: number;
}

export type ClaimResult =
  | { readonly outcome: 'claimed'; readonly claim: Claim }
  /** Finished, cancelled, leased by a living holder, waiting, or not due: delete the message. */
  | { readonly outcome: 'not_now'; readonly reason: 'finished' | 'leased' | 'waiting' | 'not_due' | 'unknown' }
  /** Three starts, or three clones where it is one, run already; whoever settles sends the next. */
  | { readonly outcome: 'not_now'; readonly reason: 'too_many_starts' };

export type Settlement =
  | {
      readonly outcome: 'succeeded';
      readonly address?: string | null;
      readonly portsVersion?: number;
      /** Of a stop: `instance_gone` where there was nothing to stop; `requested` unless given. */
      readonly stopReason?: StopReason;
    }
  | {
      readonly outcome: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly instanceStopped: boolean;
    }
  /** A passing failure: the lease is given back and the job due again at `notBefore`. Counted in `failures`. */
  | { readonly outcome: 'retry'; readonly delayMs: number; readonly code: ErrorCode; readonly message: string }
  /** What put an end to it takes the lock over. */
  | { readonly outcome: 'cancelled' }
  /** The worker ends: the lease is given back, nothing is counted. */
  | { readonly outcome: 'released' };

/** What the worker does with jobs. All are refused with `fence_lost` where `fence` is not the workspace's current one. */
export interface Jobs {
  /** Leases the job and takes the next number of the fence; counts a crash where a void lease is taken over, and fails a job at ten. */
  claim(jobId: string, holder: Holder): ClaimResult;
  /** Extends the lease. @returns whether a cancel was requested */
  heartbeat(jobId: string, fence: number): { readonly cancelRequested: boolean };
  /** Runs `inside` in an immediate transaction that has just checked the fence and that no cancel was requested (`cancelled`). */
  guarded(jobId: string, fence: number, inside: () => void): void;
  /**
   * Runs `inside`, all of whose calls of this store are one transaction: all or nothing, and told at once. Nobody waits
   * for the disk (`flush`), so it is for steps and successes only: what else is written inside would not be synced either.
   */
  together<Result>(inside: () => Result): Result;
  stepStarted(jobId: string, fence: number, step: StepName): void;
  stepFinished(
    jobId: string,
    fence: number,
    step: StepName,
    result: { readonly ok: boolean; readonly durationMs: number },
  ): void;
  /** What the running workspace's routes should be made of, read under the fence. */
  portsOf(jobId: string, fence: number): { readonly ports: Port[]; readonly portsVersion: number };
  /** Its repository is in its project folder: from here on it is not cloned again. */
  sourceCloned(jobId: string, fence: number): void;
  /** It is not, and why. The workspace is usable all the same, and its owner may ask again. */
  sourceFailed(jobId: string, fence: number, error: { readonly code: ErrorCode; readonly message: string }): void;
  /**
   * Ends the job. A success is told before it is on the disk (`flush`): lost with the power, the job is done once more.
   * `stale_routes`: ports changed since `portsVersion`; run `ensureRoutes` again, then settle again.
   * @returns ids of jobs that may go now (the one behind it, the next start), to be nudged
   */
  settle(
    jobId: string,
    fence: number,
    settlement: Settlement,
  ): { readonly settled: boolean; readonly reason?: 'stale_routes'; readonly next: string[] };
  /** Resolves once everything settled is on the disk. Rejects with the disk's error. */
  flush(): Promise<void>;
  /** Jobs to be sent (again): queued and due but unsent or sent long ago; left by a holder that is gone, or waiting behind one. */
  sweep(now?: Date): { readonly jobIds: string[] };
}

export interface LastBoot {
  /** As in `Holder`. */
  readonly bootId: string;
  /** Ids of running workspaces whose instances could not yet be compared under this boot. */
  readonly open: readonly string[];
}

/** What the worker found and repairs. */
export interface Observations {
  /**
   * Where the workspace still has `version` and no open job: sets it stopped for `reason`; `inside` runs in the same
   * transaction. @returns whether it applied
   */
  foundStopped(workspaceId: string, version: number, reason: StopReason, inside?: () => void): boolean;
  /** The same check: notes that a stopped workspace's machine is gone, or that it is back. @returns whether it was news */
  foundGone(workspaceId: string, version: number, isGone: boolean): boolean;
  /** The same check, for a repair of routes. Throws `fence_lost` where version or open job say no. */
  guardedByVersion(
    workspaceName: string,
    expected: { readonly id: string; readonly version: number } | null,
    inside: () => void,
  ): void;
  /** The caller found the instance paused and let it go on: an activity row, where the workspace still has `version`. */
  foundPaused(workspaceId: string, version: number): void;
  /** The boot of the host under which instances were looked at last; null before the first time. */
  lastBoot(): LastBoot | null;
  lookedAfterBoot(boot: LastBoot): void;
  /** Later than the stored one only. Does not count as a change of the workspace's version. */
  accessed(workspaceId: string, at: Date): void;
  /**
   * What running instances take now, in place of what was measured before. No activity, no new version.
   * @param at when the look began: of ports registered since then it says nothing
   */
  measured(
    rows: readonly {
      workspaceId: string;
      cpus: number | null;
      memoryMiB: number;
      diskMiB: number | null;
      /** Its registered ports where something answered; null where nobody looked. */
      listening: readonly number[] | null;
    }[],
    at: Date,
  ): void;
  /**
   * What all workspaces take together, for the history of the last hour. One of the same `at` stays as it is; older ones
   * go, and so do those to come, which a clock that was set back left behind.
   */
  sampled(sample: HostSample): void;
  writeHost(record: HostRecord): void;
  workerHeartbeat(holder: Holder): void;
  /**
   * Tidepool itself ends, and the caller has stopped the instance: a running workspace becomes stopped with reason
   * `shutdown`, one in `error` gives its memory back; `inside` runs in the same transaction.
   * @returns whether it applied
   */
  shutDown(workspaceId: string, inside?: () => void): boolean;
  /** Removes activity older than `keepDays` beyond the newest 10,000 rows, and idempotency keys older than 24 h. */
  prune(keepDays: number): void;
}

export interface Store extends Reads, Requests, Jobs, Observations {
  close(): void;
}

export interface StoreOptions {
  /** Absolute path of the database file. */
  readonly path: string;
  readonly budgetMiB: number;
  /** Milliseconds a lease lasts without heartbeat. */
  readonly leaseMs: number;
  /** Opens it read-only, on a connection that never writes: for the server's event tail. */
  readonly readOnly?: boolean;
}
