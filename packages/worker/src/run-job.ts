/** Runs a claimed job from its first step to its settlement. */

import { formatTarget, TidepoolError } from '@tidepool/core';
import type { Claim } from '@tidepool/db';
import { type Hold, holdJob } from './heartbeat.ts';
import type { Parts } from './parts.ts';
import { nothingLeft, runStep, withDeadline } from './run-step.ts';
import { ensureRoutes } from './steps/ensure-routes.ts';
import type { Step, StepContext } from './steps/step.ts';
import { type Verdict, verdictOn } from './verdict.ts';

/** Milliseconds that taking one step back, or one look at the instance, may take. */
const undoMs = 30_000;

/** Milliseconds after which a job is settled anew that was done but not settled. */
const settleAgainMs = 5000;

export interface JobEnd {
  readonly outcome: 'succeeded' | Verdict['outcome'];
  /** Jobs that may go now: the delete behind it, the next start. */
  readonly next: readonly string[];
  /** Milliseconds until the job itself is due again; null where it is not. */
  readonly againInMs: number | null;
}

export interface RunOptions {
  /** What the job does, in order: `stepsOf` it. */
  readonly steps: readonly Step[];
  readonly hideMessage: () => Promise<void>;
  readonly stopping: AbortSignal;
}

type JobParts = Pick<Parts, 'store' | 'runtime' | 'routes' | 'config' | 'workspaceLogs' | 'log'>;

/** Never rejects: a job that cannot be settled is left to its lease, which lapses. */
export async function runJob(parts: JobParts, claim: Claim, options: RunOptions): Promise<JobEnd> {
  const { store, runtime, routes, config } = parts;
  const { job, workspace, fence } = claim;
  const bindings = { workspaceId: workspace.id, jobId: job.id, kind: job.kind, fence };
  const { log, close } = parts.workspaceLogs.open(workspace.name, bindings, parts.log);
  const { hideMessage, stopping } = options;
  const hold = holdJob({ store, claim, everyMs: config.intervals.heartbeat, hideMessage, stopping, log });
  const context: StepContext = {
    job,
    workspace,
    fence,
    store,
    runtime,
    routes,
    paths: config.paths,
    log,
    signal: hold.signal,
    check: hold.check,
    found: { exposed: null, portsVersion: null, stopReason: null, sourceFailure: null },
  };
  try {
    log.info({ failures: job.failures }, 'job claimed');
    const end = await stepsAndSettlement(context, hold, options.steps);
    log.info({ outcome: end.outcome, next: end.next }, 'job ended');
    // Its message is deleted afterwards.
    await store
      .flush()
      .catch((error: unknown) => log.warn({ err: error }, 'the end of the job may not be on the disk'));
    return end;
  } catch (error) {
    const { outcome } = verdictOn(error, job.failures);
    if (outcome === 'abandoned') log.info('job taken over by another worker');
    else log.error({ err: error }, 'job not settled; its lease will lapse');
    return { outcome: 'abandoned', next: [], againInMs: null };
  } finally {
    hold.release();
    close();
  }
}

async function stepsAndSettlement(context: StepContext, hold: Hold, steps: readonly Step[]): Promise<JobEnd> {
  const begun: Step[] = [];
  let due = steps;
  let recordLast = nothingLeft;
  for (;;) {
    try {
      for (const step of due) {
        begun.unshift(step);
        recordLast = await runStep(step, context, hold, recordLast);
      }
      hold.check();
      refuseUncloned(context, recordLast);
    } catch (error) {
      return settleOtherwise(context, hold, error, begun);
    }
    // From here on nothing is undone: all that can fail is the writing down.
    const end = settleSucceeded(context, recordLast);
    if (end !== null) return end;
    due = [ensureRoutes];
    recordLast = nothingLeft;
  }
}

/** A create goes on without its repository; a job that is there for nothing else has failed. */
function refuseUncloned({ job, found: { sourceFailure } }: StepContext, recordLast: () => void): void {
  if (job.kind !== 'source' || sourceFailure === null) return;
  recordLast();
  throw new TidepoolError(sourceFailure.code, { detail: sourceFailure.message });
}

/** Null where ports changed since the routes were written. */
function settleSucceeded(context: StepContext, recordLast: () => void): JobEnd | null {
  const { store, job, fence, found } = context;
  try {
    const { settled, next } = store.together(() => {
      recordLast();
      return store.settle(job.id, fence, {
        outcome: 'succeeded',
        ...(found.exposed === null ? {} : { address: formatTarget(found.exposed.ide) }),
        ...(found.portsVersion === null ? {} : { portsVersion: found.portsVersion }),
        ...(found.stopReason === null ? {} : { stopReason: found.stopReason }),
      });
    });
    return settled ? { outcome: 'succeeded', next, againInMs: null } : null;
  } catch (error) {
    if (!isOfDatabase(error)) throw error;
    return giveBack(context, error);
  }
}

/** The database could not take it: its disk is full, or somebody has locked it. */
function isOfDatabase(error: unknown): error is TidepoolError {
  return error instanceof TidepoolError && ['busy', 'disk_full', 'internal'].includes(error.code);
}

/** All is done and only the database would not have it: the next attempt finds it done. @throws where it takes nothing at all */
function giveBack({ store, job, fence, log }: StepContext, { code, message }: TidepoolError): JobEnd {
  log.warn({ code }, 'job done, but not settled; given back');
  const { next } = store.settle(job.id, fence, { outcome: 'retry', delayMs: settleAgainMs, code, message });
  return { outcome: 'retry', next, againInMs: settleAgainMs };
}

async function settleOtherwise(
  context: StepContext,
  hold: Hold,
  error: unknown,
  begun: readonly Step[],
): Promise<JobEnd> {
  const { store, job, fence } = context;
  let verdict = verdictOn(error, job.failures);
  let instanceStopped = false;
  if (verdict.outcome === 'failed') {
    try {
      instanceStopped = await undo(context, hold, begun);
    } catch (interruption) {
      verdict = verdictOn(interruption, job.failures);
    }
  }
  if (verdict.outcome === 'abandoned') return { outcome: 'abandoned', next: [], againInMs: null };
  const settlement = verdict.outcome === 'failed' ? { ...verdict, instanceStopped } : verdict;
  const { next } = store.settle(job.id, fence, settlement);
  return { outcome: verdict.outcome, next, againInMs: verdict.outcome === 'retry' ? verdict.delayMs : null };
}

/**
 * Takes back what the steps did, the last first, as far as it goes: each undo may fail on its own.
 * @returns whether the instance is known not to run
 * @throws `fence_lost`, `cancelled` or `WorkerStopping` where the job is not to be settled as failed after all
 */
async function undo(context: StepContext, hold: Hold, begun: readonly Step[]): Promise<boolean> {
  const { log, runtime, workspace } = context;
  const attempt = async (name: string, run: (context: StepContext) => Promise<void>) => {
    hold.check();
    try {
      await withDeadline(name, undoMs, hold.signal, (signal) => run({ ...context, signal }));
    } catch (error) {
      hold.check();
      log.warn({ err: error, undo: name }, 'undo failed');
    }
  };
  for (const step of begun) {
    if (step.undo) await attempt(`Undoing ${step.name}`, step.undo);
  }
  let instanceStopped = false;
  await attempt('Looking at the instance', async ({ signal }) => {
    const instance = await runtime.inspect(workspace.id, signal);
    instanceStopped = instance?.state !== 'running';
  });
  return instanceStopped;
}
