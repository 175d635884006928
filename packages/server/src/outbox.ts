/**
 * Sends accepted jobs to the queue, after their commit and after the answer. The row is the truth, the message a nudge:
 * what cannot be sent stays unsent in its row, and the worker's sweep sends it again. No request waits for the queue.
 */
import type { Requests } from '@tidepool/db';
import type { Queue } from '@tidepool/queue';
import type { Logger } from 'pino';

export interface Outbox {
  /** Sends a job's nudge in the background. Never throws. */
  send(jobId: string): void;
  /** Sends what an earlier process accepted and could not send any more. */
  flush(): void;
  /** Waits for what is under way. */
  settled(): Promise<void>;
}

/** Beyond so many under way the queue is not keeping up, or down: the sweep is the better sender then. */
const maxUnderWay = 200;

export function createOutbox(parts: {
  readonly store: Pick<Requests, 'outbox' | 'sent'>;
  readonly queue: Pick<Queue, 'send'>;
  readonly log: Logger;
}): Outbox {
  const { store, queue, log } = parts;
  const underWay = new Set<Promise<void>>();
  let answering = true;

  const deliver = async (jobId: string): Promise<void> => {
    try {
      await queue.send(JSON.stringify({ jobId }));
    } catch (err) {
      // Said once, however many jobs come while it is down.
      if (answering) log.warn({ err }, 'queue does not answer; the sweep takes what is accepted meanwhile');
      else log.debug({ err, jobId }, 'job not sent');
      answering = false;
      return;
    }
    if (!answering) log.info('queue answers again');
    answering = true;
    try {
      store.sent(jobId);
    } catch (err) {
      log.warn({ err, jobId }, 'job sent, but not noted so; the sweep sends it again');
    }
  };
  const send = (jobId: string): void => {
    if (underWay.size >= maxUnderWay) return;
    const delivery = deliver(jobId).finally(() => underWay.delete(delivery));
    underWay.add(delivery);
  };

  return {
    send,
    flush: () => {
      for (const { id } of store.outbox(maxUnderWay)) send(id);
    },
    settled: async () => {
      await Promise.all(underWay);
    },
  };
}
