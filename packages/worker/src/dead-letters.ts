/**
 * Messages delivered too often. A body that is no job is written down; any other was a nudge for a job whose row knows
 * better, and is left to the sweep: a dead letter never settles a job.
 */
import { TidepoolError } from '@tidepool/core';
import type { QueueMessage } from '@tidepool/queue';
import { jobIdOf } from './consume.ts';
import type { Parts } from './parts.ts';

/** What a log line may hold of a body that could be anything. */
const mostCharacters = 500;

export async function buryDeadLetters(
  { queue, log }: Pick<Parts, 'queue' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (;;) {
      const messages = await queue.receiveDead({ max: 10, signal });
      if (messages.length === 0) return;
      for (const message of messages) await bury(message, log);
    }
  } catch (error) {
    // Whoever waits for messages has said so already; they are there when it is back.
    if (!(error instanceof TidepoolError && error.code === 'queue_unavailable')) throw error;
  }
}

async function bury(message: QueueMessage, log: Parts['log']): Promise<void> {
  const jobId = jobIdOf(message.body);
  if (jobId === null) log.error({ body: message.body.slice(0, mostCharacters) }, 'dead letter is no job');
  else log.warn({ jobId }, 'dead letter of a job; left to the sweep');
  await message.delete();
}
