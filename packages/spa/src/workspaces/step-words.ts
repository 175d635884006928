/** The steps of a job in the reader's words, and how far each is. */
import type { Job, JobKind, StepName } from '@tidepool/core';

export const stepWords = {
  removeRoutes: 'Close its paths',
  stopInstance: 'End its programs',
  removeInstance: 'Remove its disk',
  removeLogs: 'Remove its logs',
  ensureInstance: 'Make the machine',
  ensureRunning: 'Start it',
  ensureAddress: 'Get an address',
  cloneSource: 'Clone its repository',
  ensureIde: 'Start VS Code',
  ensureRoutes: 'Open its paths',
} as const satisfies Record<StepName, string>;

/** `Starting notes`. */
export const jobWords = {
  create: 'Creating',
  start: 'Starting',
  stop: 'Stopping',
  restart: 'Restarting',
  delete: 'Deleting',
  routes: 'Changing the ports of',
  source: 'Cloning the repository of',
} as const satisfies Record<JobKind, string>;

/** `Could not start notes`. */
export const jobVerbs = {
  create: 'create',
  start: 'start',
  stop: 'stop',
  restart: 'restart',
  delete: 'delete',
  routes: 'change the ports of',
  source: 'clone the repository of',
} as const satisfies Record<JobKind, string>;

export interface StepRow {
  readonly name: StepName;
  /** `cut`: its job ended while it was under way. `never`: its job ended before it. */
  readonly state: 'wait' | 'now' | 'done' | 'failed' | 'cut' | 'never';
  /** Milliseconds after the job was asked for, or after its present try began; null while it waits. */
  readonly fromMs: number | null;
  readonly tookMs: number | null;
}

export const stepStates = {
  wait: 'waiting',
  now: 'running',
  done: 'done',
  failed: 'failed',
  cut: 'interrupted',
  never: 'not begun',
} as const satisfies Record<StepRow['state'], string>;

/** The whole plan, with what has become of each step. @param now milliseconds of the server's clock */
export function stepRows(
  {
    plan,
    steps,
    createdAt,
    finishedAt,
    failures,
  }: Pick<Job, 'plan' | 'steps' | 'createdAt' | 'finishedAt' | 'failures'>,
  now: number,
): readonly StepRow[] {
  const begin = Date.parse(failures === 0 ? createdAt : (steps[0]?.startedAt ?? createdAt));
  const end = finishedAt === null ? now : Date.parse(finishedAt);
  return plan.map((name) => {
    const step = steps.findLast((each) => each.name === name);
    if (!step) return { name, state: finishedAt === null ? 'wait' : 'never', fromMs: null, tookMs: null };
    const startedAt = Date.parse(step.startedAt);
    const isCut = step.status === 'running' && finishedAt !== null;
    return {
      name,
      state: isCut ? 'cut' : ({ running: 'now', succeeded: 'done', failed: 'failed' } as const)[step.status],
      fromMs: Math.max(0, startedAt - begin),
      tookMs: step.durationMs ?? Math.max(0, end - startedAt),
    };
  });
}

/** How long the job has taken until now, or took. */
export function elapsedMs({ createdAt, finishedAt }: Job, now: number): number {
  return Math.max(0, (finishedAt ? Date.parse(finishedAt) : now) - Date.parse(createdAt));
}
