/**
 * Holding a job: while it runs, its lease is extended; a cancel or a lost fence aborts it. Its message is kept hidden
 * meanwhile, so that nobody is woken for a job that is in good hands.
 */
import { TidepoolError } from '@tidepool/core';
import type { Claim, Jobs } from '@tidepool/db';
import type { Logger } from 'pino';

/** The lease is beaten at the configured interval, but a cancel is not kept waiting longer than this. */
const mostBeatMs = 1000;
/** Well inside the queue's visibility time of 30 s. */
const hideEveryMs = 10_000;

export interface HoldOptions {
  readonly store: Pick<Jobs, 'heartbeat' | 'guarded'>;
  readonly claim: Claim;
  /** Milliseconds between beats, as configured. */
  readonly everyMs: number;
  /** Hides the job's message for longer; never rejects. */
  readonly hideMessage: () => Promise<void>;
  /** Aborted with `WorkerStopping` when the worker ends. */
  readonly stopping: AbortSignal;
  readonly log: Logger;
}

export interface Hold {
  /** Aborted with the reason: `cancelled`, `fence_lost`, `WorkerStopping`. */
  readonly signal: AbortSignal;
  /** Looks now whether the job is still held; writes nothing, and so waits for no disk. @throws that reason */
  check(): void;
  release(): void;
}

export function holdJob({ store, claim, everyMs, hideMessage, stopping, log }: HoldOptions): Hold {
  const { job, fence } = claim;
  const lost = new AbortController();
  const signal = AbortSignal.any([lost.signal, stopping]);

  const noticingLoss = (ask: () => void) => {
    signal.throwIfAborted();
    try {
      ask();
    } catch (error) {
      if (endsHold(error)) lost.abort(error);
      throw error;
    }
  };
  const beat = () => {
    if (signal.aborted) return;
    try {
      noticingLoss(() => {
        if (store.heartbeat(job.id, fence).cancelRequested) throw new TidepoolError('cancelled');
      });
    } catch (error) {
      // A busy database lets the next beat through, long before the lease ends.
      if (!endsHold(error)) log.warn({ err: error }, 'heartbeat failed');
    }
  };
  const beating = setInterval(beat, Math.min(everyMs, mostBeatMs));
  const hiding = setInterval(hideMessage, hideEveryMs);

  return {
    signal,
    check: () => noticingLoss(() => store.guarded(job.id, fence, () => undefined)),
    release() {
      clearInterval(beating);
      clearInterval(hiding);
    },
  };
}

function endsHold(error: unknown): boolean {
  return error instanceof TidepoolError && (error.code === 'cancelled' || error.code === 'fence_lost');
}
