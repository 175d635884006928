/** A job held in the middle of a step, so that what happens then happens while it is at work: most steps take milliseconds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Accepted, ApiError, type StepName } from '@tidepool/core';
import type { Tidepool } from './tidepool.ts';

/** Milliseconds that the worker goes on between two looks. */
const moment = 2;

export interface HeldJob {
  readonly accepted: Accepted;
  /** Asks for something else beside it; where the worker stands in a transaction, that one is ended first. */
  beside(ask: () => Promise<Accepted>): Promise<Accepted>;
  /** Lets the worker go on. */
  release(): void;
}

/**
 * Stops the worker, asks for the job, and lets the worker go on by moments until the job is in `step`.
 * @returns null where that step was over between two looks; the job then goes on to its end
 */
export async function holdJob(
  tidepool: Tidepool,
  step: StepName,
  ask: () => Promise<Accepted>,
): Promise<HeldJob | null> {
  const [pid] = await tidepool.pids('packages/worker/src/main.ts');
  const worker = Number(pid);
  const release = () => void process.kill(worker, 'SIGCONT');
  const goOn = async () => {
    release();
    await sleep(moment);
    process.kill(worker, 'SIGSTOP');
  };
  let isHeld = false;
  process.kill(worker, 'SIGSTOP');
  try {
    const accepted = await askUntilFree(ask, goOn);
    for (;;) {
      const { steps, finishedAt } = await tidepool.api('getJob', { params: { id: accepted.job.id } });
      const status = steps.find(({ name }) => name === step)?.status;
      isHeld = status === 'running' && finishedAt === null;
      if (isHeld) return { accepted, beside: (other) => askUntilFree(other, goOn), release };
      if (status !== undefined || finishedAt !== null) return null;
      await goOn();
    }
  } finally {
    if (!isHeld) release();
  }
}

/**
 * Stops the worker between two transactions: what is asked for from now on is accepted and waits.
 * @param write anything that writes, and may be repeated
 * @returns how to let it go on; to say so twice does no harm
 */
export async function holdWorker(tidepool: Tidepool, write: () => Promise<unknown>): Promise<() => void> {
  const [pid] = await tidepool.pids('packages/worker/src/main.ts');
  const worker = Number(pid);
  const release = () => void process.kill(worker, 'SIGCONT');
  process.kill(worker, 'SIGSTOP');
  try {
    await askUntilFree(write, async () => {
      release();
      await sleep(moment);
      process.kill(worker, 'SIGSTOP');
    });
    return release;
  } catch (error) {
    release();
    throw error;
  }
}

/** The worker may have been stopped in the middle of a transaction. */
async function askUntilFree<Answer>(ask: () => Promise<Answer>, goOn: () => Promise<void>): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ApiError && error.problem.code === 'busy')) throw error;
    }
    await goOn();
  }
}
