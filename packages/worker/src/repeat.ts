/** What the worker does again and again: one run at a time, at its interval or when woken. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

export interface Repetition {
  /** Runs it now, or, where it is running, once more after that. */
  wake(): void;
  /** Resolves after the first run, whether it succeeded or not. */
  readonly first: Promise<void>;
  /** Resolves after the last one, once aborted. */
  readonly ended: Promise<void>;
}

export interface RepeatOptions {
  /** For the log. */
  readonly name: string;
  /** Milliseconds from the end of a run to the next. */
  readonly everyMs: number;
  /** The same after a run that failed; `everyMs` unless given. */
  readonly afterFailureMs?: number;
  readonly run: (signal: AbortSignal) => Promise<void> | void;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** Begins at once. A run that fails is logged, the same failure once in a row, and is followed by the next all the same. */
export function repeat({ name, everyMs, afterFailureMs = everyMs, run, signal, log }: RepeatOptions): Repetition {
  let alarm = new AbortController();
  let lastFailure: string | null = null;
  const first = Promise.withResolvers<void>();

  const runOnce = async (): Promise<boolean> => {
    try {
      await run(signal);
      if (lastFailure !== null) log.info({ task: name }, 'task works again');
      lastFailure = null;
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      const failure = String(error);
      if (failure !== lastFailure) log.warn({ err: error, task: name }, 'task failed');
      lastFailure = failure;
      return false;
    } finally {
      first.resolve();
    }
  };

  const loop = async () => {
    while (!signal.aborted) {
      alarm = new AbortController();
      const { signal: alarmed } = alarm;
      const succeeded = await runOnce();
      if (alarmed.aborted) continue;
      await waitFor(succeeded ? everyMs : afterFailureMs, AbortSignal.any([signal, alarmed]));
    }
    first.resolve();
  };

  return { wake: () => alarm.abort(), first: first.promise, ended: loop() };
}

/** Resolves after `ms`, or when aborted. */
async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
