/** What a step is, and what it is handed. A job is an ordered list of these. */

import type { Routes } from '@tidepool/caddy';
import type { Config, ErrorCode, Job, StepName, Workspace } from '@tidepool/core';
import type { Store } from '@tidepool/db';
import type { ForStart, InstanceSpec, Runtime } from '@tidepool/runtime';
import type { Logger } from 'pino';
import type { Exposed } from '../expose-routes.ts';

export interface Step {
  readonly name: StepName;
  /** Milliseconds after which its signal is aborted and it counts as a passing failure. */
  readonly deadlineMs: number;
  /** Idempotent: asked for what is already so, it does nothing. After a crash it runs again from its beginning. */
  run(context: StepContext): Promise<void>;
  /** Takes back what it did, where the job ends as failed. Idempotent; never touches user data. */
  readonly undo?: (context: StepContext) => Promise<void>;
  /** Whether the job goes on without it although it failed so; then that is noted. Where absent it never does. */
  readonly goesOnWithout?: (context: StepContext, error: unknown) => boolean;
}

export interface StepContext {
  readonly job: Job;
  /** As it was when the job was claimed. */
  readonly workspace: Workspace;
  readonly fence: number;
  /** Aborted by the step's deadline, a cancel, a lost fence, or the end of the worker. */
  readonly signal: AbortSignal;
  readonly store: Store;
  readonly runtime: Runtime;
  readonly routes: Routes;
  readonly paths: Config['paths'];
  readonly log: Logger;
  /** What earlier steps of this attempt found. */
  readonly found: Found;
  /** Between two outside calls of one step. @throws TidepoolError `fence_lost`, `cancelled` */
  check(): void;
}

export interface Found {
  /** What was made reachable last, and of which registered ports. */
  exposed: (Exposed & { readonly portsVersion: number }) | null;
  /** Which registered ports the written routes were made of. */
  portsVersion: number | null;
  /** Why the workspace is stopped, where that is not only because it was asked for. */
  stopReason: 'instance_gone' | null;
  /** Why its repository was not cloned, where that was tried. */
  sourceFailure: { readonly code: ErrorCode; readonly message: string } | null;
}

export function operationOf({ fence, signal }: StepContext): { readonly fence: number; readonly signal: AbortSignal } {
  return { fence, signal };
}

/** An operation on the way to a start by this job. */
export function startOf(context: StepContext): ForStart {
  return { ...operationOf(context), jobId: context.job.id };
}

export function specOf({ workspace, paths }: Pick<StepContext, 'workspace' | 'paths'>): InstanceSpec {
  const { id, name, image, cpus, memoryMiB, diskGiB } = workspace;
  return { id, name, image, cpus, memoryMiB, diskGiB, logDirectory: `${paths.logs}/${name}` };
}
