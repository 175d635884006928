/** The queue that the owner set up, as the worker knows it: what is wrong with it stands among the host's findings. */
import type { Finding } from '@tidepool/core';
import type { Parts } from './parts.ts';

export interface QueueCare {
  /** Asks now. @returns whether that is news */
  look(): Promise<boolean>;
  /** Nothing until the first look, and nothing of the embedded queue: that one is looked after by `tidepool up`. */
  known(): readonly Finding[];
}

export function createQueueCare({ queue, config }: Pick<Parts, 'queue' | 'config'>): QueueCare {
  let known: readonly Finding[] = [];
  return {
    async look() {
      if (config.queue.url === null) return false;
      const before = known[0];
      const now = await queue.check();
      known = [now];
      return now.status !== before?.status || now.detail !== before.detail;
    },
    known: () => known,
  };
}
