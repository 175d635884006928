/** Waits for the end of a job, as events tell it. */
import type { Job } from '@tidepool/core';
import { isOver, type Known } from './known.ts';

/** @throws `AbortError` when the signal says so */
export function awaitJob(known: Known, jobId: string, signal: AbortSignal): Promise<Job> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      unsubscribe();
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = () => end(() => reject(signal.reason));
    const look = () => {
      const job = known.getState().jobs.get(jobId);
      if (job && isOver(job.status)) end(() => resolve(job));
    };
    const unsubscribe = known.subscribe(look);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else look();
  });
}
