/** A job held in the middle of a step, so that what happens then happens while it is at work: most steps take milliseconds. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Accepted, ApiError, type StepName } from '@tidepool/core';
import type { Tidepool } from './tidepool.ts';

/** Milliseconds that the worker goes on between two looks. */
const moment = 2;

export interface HeldJob {
  readonly accepted: Accepted;
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
    let accepted = await unlessBusy(ask);
    while (accepted === null) {
      await goOn();
      accepted = await unlessBusy(ask);
    }
    for (;;) {
      const { steps, finishedAt } = await tidepool.api('getJob', { params: { id: accepted.job.id } });
      const status = steps.find(({ name }) => name === step)?.status;
      isHeld = status === 'running' && finishedAt === null;
      if (isHeld) return { accepted, release };
      if (status !== undefined || finishedAt !== null) return null;
      await goOn();
    }
  } finally {
    if (!isHeld) release();
  }
}

/** null where the worker was stopped in the middle of a transaction. */
async function unlessBusy(ask: () => Promise<Accepted>): Promise<Accepted | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError && error.problem.code === 'busy') return null;
    throw error;
  }
}
