/** Runs one step: checked before, recorded with its time, ended by its deadline. */
import { TidepoolError } from '@tidepool/core';
import type { Hold } from './heartbeat.ts';
import type { Step, StepContext } from './steps/step.ts';
import { WorkerStopping } from './verdict.ts';

/** Milliseconds that an aborted step has to end, before it is left to its fence. */
const graceMs = 5000;

/**
 * Recorded as failed, it may still return: where the job goes on without it.
 * @param recordLast what the step before it returned: recorded together with the beginning of this one
 * @returns records that it succeeded: with the beginning of the next, or with the settlement
 * @throws why it did not succeed: `cancelled`, `fence_lost`, `WorkerStopping`, `deadline_exceeded`, or its own error; `busy`
 *   or `disk_full` where its beginning could not be recorded, and so the end of the one before neither
 */
export async function runStep(
  step: Step,
  context: StepContext,
  hold: Hold,
  recordLast: () => void,
): Promise<() => void> {
  const { store, job, fence } = context;
  const log = context.log.child({ step: step.name });
  // Whoever is called off waits for no lock of the database.
  hold.signal.throwIfAborted();
  store.together(() => {
    hold.check();
    recordLast();
    store.stepStarted(job.id, fence, step.name);
  });
  const started = performance.now();
  const elapsed = () => Math.round((performance.now() - started) * 10) / 10;
  try {
    await withDeadline(step.name, step.deadlineMs, hold.signal, (signal) => step.run({ ...context, log, signal }));
    const durationMs = elapsed();
    log.info({ durationMs }, 'step finished');
    return () => store.stepFinished(job.id, fence, step.name, { ok: true, durationMs });
  } catch (error) {
    if (!isInterruption(error)) {
      const durationMs = elapsed();
      store.stepFinished(job.id, fence, step.name, { ok: false, durationMs });
      log.warn({ err: error, durationMs }, 'step failed');
      if (step.goesOnWithout?.(context, error)) return nothingLeft;
    }
    throw error;
  }
}

/** Before the first step, and behind one whose failure is recorded already. */
export function nothingLeft(): void {}

/**
 * Gives `run` a signal that is aborted by `outer` and after `deadlineMs`, and says afterwards which of them it was:
 * what an aborted call throws is the caller's own abort in many disguises.
 */
export async function withDeadline(
  name: string,
  deadlineMs: number,
  outer: AbortSignal,
  run: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const late = new TidepoolError('deadline_exceeded', {
    detail: `${name} took longer than ${deadlineMs / 1000} s.`,
    passing: true,
  });
  const deadline = new AbortController();
  const timers = [setTimeout(() => deadline.abort(late), deadlineMs)];
  const signal = AbortSignal.any([outer, deadline.signal]);
  // A call that ignores its signal must not hold the job for ever: its fence makes it harmless.
  const leftBehind = Promise.withResolvers<never>();
  const leave = () => timers.push(setTimeout(() => leftBehind.reject(signal.reason), graceMs));
  signal.addEventListener('abort', leave);
  try {
    await Promise.race([run(signal), leftBehind.promise]);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error;
  } finally {
    signal.removeEventListener('abort', leave);
    for (const timer of timers) clearTimeout(timer);
  }
}

/** No failure of the step: it is taken over, called off, or goes on later. */
function isInterruption(error: unknown): boolean {
  if (error instanceof WorkerStopping) return true;
  return error instanceof TidepoolError && (error.code === 'cancelled' || error.code === 'fence_lost');
}
