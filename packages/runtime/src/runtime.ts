/**
 * The `Runtime` port: instances, made and run for workspaces. All differences between adapters are data
 * (`capabilities`); policy lives in the worker's steps. Every adapter and the fake pass `contract.ts`.
 *
 * Every mutating method is idempotent: asked for what is already so, it does nothing. Each takes the workspace's fence,
 * keeps the highest it has seen beside the instance (it outlives this process), and refuses a lower one with
 * `fence_lost`: a worker that was suspended must not undo what its successor did.
 */
import type { Readable, Writable } from 'node:stream';
import type { Capabilities, Finding, ImageRecord, RouteTarget, RuntimeKind, Storage } from '@tidepool/core';

export interface InstanceSpec {
  /** The workspace's id; everything on disk is named by it. */
  readonly id: string;
  /** Shown in the prompt and the host name; part of the IDE's paths. */
  readonly name: string;
  /** As `images()` gave it when the workspace was made, `workspace@<version>`; it keeps that one. */
  readonly image: string;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Enforced where `capabilities.diskLimit`; grows at the next start, never shrinks. */
  readonly diskGiB: number;
  /** Where the instance's output goes, appended: `.logs/<name>/`. */
  readonly logDirectory: string;
}

export interface Instance {
  /** The workspace's id, from the instance's own label. */
  readonly id: string;
  /** `paused`: frozen, its memory kept; only where `capabilities.pause`, and also when somebody else froze it. */
  readonly state: 'running' | 'paused' | 'stopped';
  /** The job that started the run at hand, so that a repeated restart does not stop it again; null while stopped. */
  readonly startedBy: string | null;
  /** The highest fence seen. */
  readonly fence: number;
}

export interface Operation {
  readonly fence: number;
  readonly signal: AbortSignal;
}

/** An operation on the way to a start by the job. */
export interface ForStart extends Operation {
  readonly jobId: string;
}

export interface RuntimeInfo {
  readonly kind: RuntimeKind;
  readonly version: string;
  readonly capabilities: Capabilities;
  /** Where it keeps disks; null where that is the home itself, or it does not say. */
  readonly storage: Storage | null;
  readonly findings: readonly Finding[];
}

export interface Runtime {
  /** What this runtime is and can do here, looked at now. */
  describe(signal: AbortSignal): Promise<RuntimeInfo>;

  /** The images that are built and have proved that they boot, in no order; at most one of each name is `current`. */
  images(signal: AbortSignal): Promise<readonly ImageRecord[]>;

  /** All instances of this home, found by label, running or not. @throws `runtime_unavailable` (passing) */
  list(signal: AbortSignal): Promise<readonly Instance[]>;

  /** One instance, looked at now; null where there is none. @throws `instance_foreign` where somebody gave it another name */
  inspect(id: string, signal: AbortSignal): Promise<Instance | null>;

  /**
   * Makes the instance with its disk, stopped; an existing one keeps its disk and takes the new size at its next start.
   * Half-made ones of an earlier attempt are completed. Given the job that is going to start it, it is labelled with it
   * already, where that spares the start a change. @throws `image_missing`, `disk_full`, `fence_lost`
   */
  create(spec: InstanceSpec, operation: Operation | ForStart): Promise<void>;

  /** Starts it, labelled with `jobId`. A running one stays as it is; a paused one goes on. @throws `instance_not_found`, `instance_failed`, `fence_lost` */
  start(spec: InstanceSpec, operation: ForStart): Promise<void>;

  /** Stops it within 10 s, by force where it must; the disk stays. One that is not there is stopped. @throws `fence_lost` */
  stop(id: string, operation: Operation): Promise<void>;

  /** Removes it with its disk, for good. One that is not there is removed. @throws `fence_lost`, `wrong_status` while it runs */
  remove(id: string, operation: Operation): Promise<void>;

  /**
   * Makes `ports` of the running instance reachable for the host's Caddy, the IDE's (8080) included where named; gives the
   * target of each, in order. Others may be open to Caddy too, but nothing is routed to them. Nothing needs to listen. @throws `instance_not_running`, `fence_lost`
   */
  expose(id: string, ports: readonly number[], operation: Operation): Promise<readonly RouteTarget[]>;

  /**
   * Runs a command inside as the workspace's user, in its project folder. Resolves with its exit code (128 + signal);
   * aborting ends it. @throws `instance_not_running`
   */
  exec(id: string, command: readonly string[], streams: ExecStreams, signal: AbortSignal): Promise<number>;

  /** Freezes a running instance with all that runs in it. @throws `unsupported`, `instance_not_running`, `fence_lost` */
  pause(id: string, operation: Operation): Promise<void>;

  /** Lets a paused one go on. @throws `unsupported`, `instance_not_running`, `fence_lost` */
  resume(id: string, operation: Operation): Promise<void>;

  /** Keeps its disk as it is now as `name` (`[a-z0-9-]`, at most 60). One of that name stays as it is. @throws `unsupported`, `instance_not_found`, `fence_lost`, `pool_full` */
  snapshot(id: string, name: string, operation: Operation): Promise<void>;

  /**
   * Makes `spec`'s instance, stopped, with a copy of another one's disk: a snapshot of it, or the disk as it is now.
   * One that exists stays as it is. @throws `unsupported`, `instance_not_found` (no such source), `fence_lost`, `pool_full`
   */
  clone(
    spec: InstanceSpec,
    source: { readonly id: string; readonly snapshot: string | null },
    operation: Operation,
  ): Promise<void>;

  /** The last of what it printed while it booted and ran, at most 64 KiB; also of one that has ended. @throws `unsupported`, `instance_not_found` */
  console(id: string, signal: AbortSignal): Promise<string>;

  /** What each running or paused instance of this home takes now. @throws `unsupported`, `runtime_unavailable` (passing) */
  usage(signal: AbortSignal): Promise<readonly InstanceUsage[]>;

  /** Calls `changed` with an instance's id whenever one stopped by itself, until aborted. May be late, may miss some: reconcile is the net. */
  watch(changed: (id: string) => void, signal: AbortSignal): void;
}

export interface InstanceUsage {
  /** The workspace's id. */
  readonly id: string;
  /** Seconds of one core since it started, or since any fixed moment: callers look at differences. */
  readonly cpuSeconds: number;
  readonly memoryMiB: number;
  /** null where the runtime does not say. */
  readonly diskMiB: number | null;
  /**
   * The TCP ports on which something inside listens where the targets of `expose` lead, in no order. null: whoever wants
   * to know connects to such a target, which refuses where nothing listens.
   */
  readonly listening: readonly number[] | null;
}

export interface ExecStreams {
  readonly stdin: Readable | null;
  readonly stdout: Writable;
  readonly stderr: Writable;
}
