/** The long-poll loop: takes nudges off the queue as fast as there is room for jobs. */
import { jobMessage } from '@tidepool/core';
import type { QueueMessage } from '@tidepool/queue';
import type { Crew } from './crew.ts';
import type { Parts } from './parts.ts';

/** Of SQS, for one receive. */
const mostMessages = 10;

export interface ConsumeOptions {
  readonly crew: Crew;
  /** Called whenever the queue does not answer: what it would have brought is looked for in the database. */
  readonly refused: () => void;
  readonly signal: AbortSignal;
}

/** Resolves when aborted. */
export async function consume(
  { queue, log }: Pick<Parts, 'queue' | 'log'>,
  { crew, refused, signal }: ConsumeOptions,
): Promise<void> {
  let answering = true;
  while (!signal.aborted) {
    try {
      const max = Math.min(await crew.room(signal), mostMessages);
      for (const message of await queue.receive({ max, signal })) take(message);
      if (!answering) log.info('queue answers again');
      answering = true;
    } catch (error) {
      if (signal.aborted) return;
      // A failed receive takes its second, so this is no busy loop.
      if (answering) log.warn({ err: error }, 'queue does not answer; jobs go on without it');
      answering = false;
      refused();
    }
  }

  function take(message: QueueMessage): void {
    const jobId = jobIdOf(message.body);
    if (jobId !== null) crew.offer(jobId, message);
    // Left alone, it comes to the dead letters, where it is written down.
    else log.warn({ receiveCount: message.receiveCount }, 'message is no job');
  }
}

/** Null where the body is not `{jobId}`. */
export function jobIdOf(body: string): string | null {
  try {
    const parsed = jobMessage.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data.jobId : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
