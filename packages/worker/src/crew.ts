/** How many jobs this process runs at once. Starts are limited by the claim; this only bounds the process. */
import type { QueueMessage } from '@tidepool/queue';

export interface Crew {
  /** How many more can be taken now; waits until at least one can. @throws the signal's reason when aborted */
  room(signal: AbortSignal): Promise<number>;
  /** Takes a job, now or as soon as there is room. One that waits already is not taken twice. */
  offer(jobId: string, message?: QueueMessage): void;
  /** Takes no more, and resolves when those at work have ended. */
  disband(): Promise<void>;
}

export interface CrewOptions {
  readonly size: number;
  /** Claims and runs; never rejects. */
  readonly attend: (jobId: string, message: QueueMessage | undefined) => Promise<void>;
}

export function createCrew({ size, attend }: CrewOptions): Crew {
  const waiting = new Map<string, QueueMessage | undefined>();
  const atWork = new Set<Promise<void>>();
  let disbanded = false;
  let roomMade = Promise.withResolvers<void>();

  const pump = () => {
    for (const [jobId, message] of waiting) {
      if (atWork.size >= size || disbanded) return;
      waiting.delete(jobId);
      const work = attend(jobId, message).finally(() => {
        atWork.delete(work);
        pump();
        roomMade.resolve();
        roomMade = Promise.withResolvers();
      });
      atWork.add(work);
    }
  };

  return {
    async room(signal) {
      for (;;) {
        signal.throwIfAborted();
        const room = size - atWork.size;
        if (room > 0) return room;
        const aborted = Promise.withResolvers<void>();
        const abort = () => aborted.resolve();
        signal.addEventListener('abort', abort, { once: true });
        await Promise.race([roomMade.promise, aborted.promise]);
        signal.removeEventListener('abort', abort);
      }
    },
    offer(jobId, message) {
      waiting.set(jobId, message ?? waiting.get(jobId));
      pump();
    },
    async disband() {
      disbanded = true;
      waiting.clear();
      await Promise.all(atWork);
    },
  };
}
