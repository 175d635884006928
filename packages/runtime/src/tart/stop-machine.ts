/**
 * Ending a run: the guest is asked to shut down, and where it does not, the plug is pulled. `tart stop` alone always pulls
 * it: for a Linux guest its SIGINT ends in the hypervisor's `stop`, which asks nobody.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { TidepoolError } from '@tidepool/core';
import type { Operation } from '../runtime.ts';
import { isAlive, liveRun, noteEnd, type RunRecord } from './run-record.ts';
import type { TartHome } from './tart-home.ts';
import { machineOf } from './virtual-machines.ts';

/** In ms, 10 s in all: for the guest to shut down and to hear that it shall; for one to end that may not have heard. */
const grace = 4_000;
const askLimit = 2_500;
const lastBreath = 500;
/** In ms: for Tart to pull the plug (its own limit is in whole seconds), and for the kernel to end Tart. */
const plugLimit = 3_000;
const killLimit = 1_500;

/** `ours` is told which run is about to end: its end is no news. */
export async function stopMachine(
  home: TartHome,
  id: string,
  { fence, signal }: Operation,
  ours: (run: RunRecord) => void,
): Promise<void> {
  home.fences.raiseIfRoom(id, fence);
  const check = () => home.fences.check(id, fence);
  const run = await liveRun(home, id, signal);
  if (run === null) {
    // One that somebody runs by hand.
    const machine = await machineOf(home, id, signal);
    check();
    if (machine?.running) await pullPlug(home, id, signal);
    return;
  }
  ours(run);
  check();
  if (!(await shutDown(home, id, run, signal))) {
    check();
    await pullPlug(home, id, signal);
    if (!(await ended(run, killLimit, signal))) {
      check();
      await kill(run, signal);
      if (!(await ended(run, killLimit, signal))) throw endless(run);
    }
  }
  noteEnd(home.paths(id).runs, run);
}

async function shutDown({ tart, vmName }: TartHome, id: string, run: RunRecord, signal: AbortSignal): Promise<boolean> {
  const end = performance.now() + grace;
  const poweroff = ['exec', vmName(id), 'sudo', '--non-interactive', 'poweroff'];
  // A failure may be that of a machine which ended before it answered; or nobody in it listens.
  const heard = await tart.run(poweroff, signal, askLimit).then(
    () => true,
    () => false,
  );
  return ended(run, heard ? end - performance.now() : lastBreath, signal);
}

/** @throws what Tart says, unless that it does not run any more */
async function pullPlug({ tart, vmName }: TartHome, id: string, signal: AbortSignal): Promise<void> {
  try {
    await tart.run(['stop', vmName(id), '--timeout', '2'], signal, plugLimit);
  } catch (error) {
    const passed =
      error instanceof TidepoolError && ['instance_not_running', 'instance_not_found'].includes(error.code);
    const late = error instanceof TidepoolError && error.code === 'runtime_unavailable';
    if (!passed && !late) throw error;
  }
}

/** Tart itself, whatever it is about; a launcher that has not become it yet, too. */
async function kill(run: RunRecord, signal: AbortSignal): Promise<void> {
  if (!(await isAlive(run, signal))) return;
  try {
    process.kill(run.pid, 'SIGKILL');
  } catch (error) {
    // It ended by itself in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function ended(run: RunRecord, limit: number, signal: AbortSignal): Promise<boolean> {
  for (const end = performance.now() + limit; await isAlive(run, signal); await sleep(50, undefined, { signal })) {
    if (performance.now() > end) return false;
  }
  return true;
}

function endless(run: RunRecord): TidepoolError {
  const detail = `Process ${run.pid}, which runs the machine of the workspace, does not end.`;
  return new TidepoolError('instance_failed', { detail, passing: true });
}
