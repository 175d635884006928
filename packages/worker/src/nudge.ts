/** Tells the workers that a job may go now: through the queue, or, where it does not answer, right here. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Parts } from './parts.ts';

export interface Nudges {
  nudge(jobId: string): void;
  /** Forgotten when the worker ends: the sweep finds the job. */
  nudgeLater(jobId: string, ms: number): void;
}

export function createNudges(
  { queue, store, log }: Pick<Parts, 'queue' | 'log'> & { readonly store: Pick<Parts['store'], 'sent'> },
  offer: (jobId: string) => void,
  stopping: AbortSignal,
): Nudges {
  const nudge = async (jobId: string) => {
    try {
      await queue.send(JSON.stringify({ jobId }), stopping);
      store.sent(jobId);
    } catch (error) {
      if (stopping.aborted) return;
      log.debug({ err: error, jobId }, 'job not sent; run here');
      offer(jobId);
    }
  };
  const nudgeLater = async (jobId: string, ms: number) => {
    try {
      await sleep(ms, undefined, { signal: stopping });
    } catch {
      // The worker ends.
      return;
    }
    await nudge(jobId);
  };
  return {
    nudge: (jobId) => void nudge(jobId),
    nudgeLater: (jobId, ms) => void nudgeLater(jobId, ms),
  };
}
