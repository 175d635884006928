/** Takes one nudge to its end: claims the job and runs it, or drops the message where it need not or may not run now. */
import { type QueueMessage, visibilitySeconds } from '@tidepool/queue';
import type { Logger } from 'pino';
import { stepsOf } from './jobs/jobs.ts';
import type { Parts } from './parts.ts';
import { runJob } from './run-job.ts';

export interface AttendOptions {
  /** Tells the world that a job may go now. */
  readonly nudge: (jobId: string) => void;
  /** The same, after so many milliseconds. */
  readonly nudgeLater: (jobId: string, ms: number) => void;
  /** Called when a workspace is gone, and its disk with it. */
  readonly deleted: () => void;
  readonly stopping: AbortSignal;
}

/** Milliseconds after which a claim is tried again that the database was too busy for. */
const busyMs = 1000;

/** Never rejects. */
export function createAttend(parts: Parts, { nudge, nudgeLater, deleted, stopping }: AttendOptions) {
  const { store, holder, log } = parts;

  return async (jobId: string, message: QueueMessage | undefined): Promise<void> => {
    try {
      // The row is the truth. Its message has done its work once the row was read.
      const result = store.claim(jobId, holder);
      if (result.outcome === 'not_now') {
        log.debug({ jobId, reason: result.reason }, 'job not claimed');
        await drop(message, log);
        return;
      }
      const hideMessage = () => settled(message?.extend(visibilitySeconds), log);
      const steps = stepsOf(result.claim.job);
      const end = await runJob(parts, result.claim, { steps, hideMessage, stopping });
      if (result.claim.job.kind === 'delete' && end.outcome === 'succeeded') deleted();
      for (const next of end.next) nudge(next);
      if (end.againInMs !== null) nudgeLater(jobId, end.againInMs);
      // A job given back is for another worker: at once, not after the visibility time.
      if (end.outcome === 'released') await settled(message?.extend(0), log);
      else await drop(message, log);
    } catch (error) {
      log.error({ err: error, jobId }, 'job not claimed');
      nudgeLater(jobId, busyMs);
    }
  };
}

function drop(message: QueueMessage | undefined, log: Logger): Promise<void> {
  return settled(message?.delete(), log);
}

/** A queue that does not answer costs nothing but a message delivered once more. */
async function settled(call: Promise<void> | undefined, log: Logger): Promise<void> {
  try {
    await call;
  } catch (error) {
    log.debug({ err: error }, 'queue did not answer');
  }
}
