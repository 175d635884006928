/** Ending a run: a moment for the editor to save its state, then the whole namespace at once. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TidepoolError } from '@tidepool/core';
import { guestMain, runTool } from './enter.ts';
import { isAlive, type RunRecord } from './run-record.ts';
import type { SandboxUser } from './sandbox-user.ts';

/** How long, in ms, the editor has to end by itself, and the kernel to end what is left. */
const grace = 2_000;
const killLimit = 7_000;

/** `check` is asked right before each signal: a worker that was suspended must not end what was started since. */
export async function endRun(run: RunRecord, user: SandboxUser, state: string, check: () => void): Promise<void> {
  check();
  const main = guestMain(run);
  if (main !== null) kill(main, 'SIGTERM');
  if (main === null || !(await gone(run, user, grace))) {
    check();
    if (isAlive(run, user.uid)) kill(run.pid, 'SIGKILL');
    if (!(await gone(run, user, killLimit))) {
      const detail = `Process ${run.pid} of the workspace does not end.`;
      throw new TidepoolError('instance_failed', { detail, passing: true });
    }
  }
  // Waits until the lock is free, which it is once nobody of the run holds it.
  await runTool(['flock', '--shared', '--wait', '2', join(state, 'lock'), 'true'], user);
}

async function gone(run: RunRecord, user: SandboxUser, limit: number): Promise<boolean> {
  for (const end = performance.now() + limit; isAlive(run, user.uid); await sleep(10)) {
    if (performance.now() > end) return false;
  }
  return true;
}

function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended by itself in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
