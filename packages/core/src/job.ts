/** A job: one requested change to a workspace, made of idempotent steps. The row is the truth; a queue message is a nudge. */
import { z } from 'zod';
import type { SourceStatus } from './git-source.ts';
import type { Verb } from './lifecycle.ts';
import { timestamp } from './workspace.ts';

/** The actions, and the side kinds. */
export const jobKinds = ['create', 'start', 'stop', 'restart', 'delete', 'routes', 'source'] as const;
export type JobKind = (typeof jobKinds)[number];

/**
 * Those that leave a running workspace running, also where they fail. `routes`: its ports changed. `source`: its Git
 * repository is cloned once more.
 */
export type SideKind = Extract<JobKind, 'routes' | 'source'>;

export function isSideKind(kind: JobKind): kind is SideKind {
  return kind === 'routes' || kind === 'source';
}

/**
 * Whether `verb` may be asked for beside an open job of this kind: it puts an end to that job and then goes itself. A
 * delete does so to every job; nobody who wants a workspace stopped waits for its clone.
 */
export function putsAnEndTo(verb: Verb, kind: JobKind): boolean {
  return verb === 'delete' || (kind === 'source' && (verb === 'stop' || verb === 'restart'));
}

/**
 * `waiting`: behind the job that it puts an end to. `queued`: may be claimed once `notBefore` has passed.
 * `running`: leased. The rest are final.
 */
export const jobStatuses = ['waiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** In the order in which a job may run them. What each kind runs is the worker's to say. */
export const stepNames = [
  'removeRoutes',
  'stopInstance',
  'removeInstance',
  'removeLogs',
  'ensureInstance',
  'ensureRunning',
  'ensureAddress',
  'cloneSource',
  'ensureIde',
  'ensureRoutes',
] as const;
export type StepName = (typeof stepNames)[number];

const stepRecord = z.strictObject({
  name: z.enum(stepNames),
  status: z.enum(['running', 'succeeded', 'failed']),
  startedAt: timestamp,
  /** Milliseconds, null while it runs. */
  durationMs: z.number().nullable(),
});
export type StepRecord = z.infer<typeof stepRecord>;

export const job = z.strictObject({
  id: z.uuid(),
  workspaceId: z.uuid(),
  workspaceName: z.string(),
  kind: z.enum(jobKinds),
  status: z.enum(jobStatuses),
  /** How often it failed and was tried again. */
  failures: z.int(),
  cancelRequested: z.boolean(),
  /** The steps of the present attempt, in order. */
  steps: z.array(stepRecord),
  /** The names of all steps it runs, so that a page can show what is to come. */
  plan: z.array(z.enum(stepNames)),
  error: z.strictObject({ code: z.string(), message: z.string(), fix: z.string() }).nullable(),
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
});
export type Job = z.infer<typeof job>;

/** The steps of each kind of job, in order: all that it may have. */
export const plans = {
  create: ['ensureInstance', 'ensureRunning', 'ensureAddress', 'cloneSource', 'ensureIde', 'ensureRoutes'],
  start: ['ensureInstance', 'ensureRunning', 'ensureAddress', 'ensureIde', 'ensureRoutes'],
  stop: ['removeRoutes', 'stopInstance'],
  restart: [
    'removeRoutes',
    'stopInstance',
    'ensureInstance',
    'ensureRunning',
    'ensureAddress',
    'ensureIde',
    'ensureRoutes',
  ],
  delete: ['removeRoutes', 'stopInstance', 'removeInstance', 'removeLogs'],
  routes: ['ensureRoutes'],
  // What became of the ports meanwhile is taken along.
  source: ['cloneSource', 'ensureRoutes'],
} as const satisfies Record<JobKind, readonly StepName[]>;

/** The steps of a job of a workspace with this source: one that is cloned, or was never named, is not cloned. */
export function planOf(kind: JobKind, source: SourceStatus | null): StepName[] {
  const isToBeCloned = source === 'waiting' || source === 'failed';
  return plans[kind].filter((step) => step !== 'cloneSource' || isToBeCloned);
}

/** A queue message is this and nothing else. */
export const jobMessage = z.strictObject({ jobId: z.uuid() });
