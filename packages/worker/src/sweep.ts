/**
 * Finds jobs that wait for a nudge that never came, and takes them itself: sent to nobody, lost by the queue, due again,
 * or leased by a holder that is gone. With it nothing depends on the queue but speed.
 */
import type { Crew } from './crew.ts';
import type { Parts } from './parts.ts';

export function sweep({ store, log }: Pick<Parts, 'store' | 'log'>, crew: Pick<Crew, 'offer'>): void {
  const { jobIds } = store.sweep();
  if (jobIds.length > 0) log.debug({ jobIds }, 'jobs found by the sweep');
  for (const jobId of jobIds) crew.offer(jobId);
}
