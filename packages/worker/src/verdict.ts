/** What an error means for the job it ended. */
import { type ErrorCode, TidepoolError } from '@tidepool/core';

/** Aborts jobs because the worker ends; they are given back and go on elsewhere, or at the next start. */
export class WorkerStopping extends Error {
  override readonly name = 'WorkerStopping';
}

export type Verdict =
  /** The fence is another's: nothing is written any more. */
  | { readonly outcome: 'abandoned' }
  | { readonly outcome: 'cancelled' }
  | { readonly outcome: 'released' }
  | { readonly outcome: 'retry'; readonly delayMs: number; readonly code: ErrorCode; readonly message: string }
  | { readonly outcome: 'failed'; readonly code: ErrorCode; readonly message: string };

/** The third failure is the last. */
const mostFailures = 3;

/** `failures`: how often the job has failed before. Delays grow: 1 s, 4 s. */
export function verdictOn(error: unknown, failures: number): Verdict {
  if (error instanceof WorkerStopping) return { outcome: 'released' };
  const { code, message, passing } = known(error, failures);
  if (code === 'fence_lost') return { outcome: 'abandoned' };
  if (code === 'cancelled') return { outcome: 'cancelled' };
  if (passing && failures + 1 < mostFailures) {
    return { outcome: 'retry', delayMs: 1000 * 4 ** failures, code, message };
  }
  return { outcome: 'failed', code, message };
}

function known(
  error: unknown,
  failures: number,
): { readonly code: ErrorCode; readonly message: string; readonly passing: boolean } {
  if (error instanceof TidepoolError) return error;
  // A mistake of ours, or of a library: most stay, some were a race. One more try tells which.
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, passing: failures === 0 };
}
