/** Which process a pid means, over restarts of Tidepool and of the host: the pid, its start time, and the boot. */
import { readFileSync } from 'node:fs';
import { isOver, processStat } from '@tidepool/core';
import { z } from 'zod';

export const processIdentity = z.strictObject({ pid: z.int().positive(), startTime: z.string(), bootId: z.string() });
export type ProcessIdentity = z.infer<typeof processIdentity>;

/** Null where there is no such process (any more). */
export function identify(pid: number): ProcessIdentity | null {
  const stat = readIfThere(`/proc/${pid}/stat`);
  return stat === null ? null : { pid, startTime: processStat(stat).startTime, bootId: bootId() };
}

/** Whether that very process still runs. One that ended and was not waited for yet does not. */
export function isAlive(identity: ProcessIdentity): boolean {
  const stat = readIfThere(`/proc/${identity.pid}/stat`);
  if (stat === null || identity.bootId !== bootId()) return false;
  const { startTime, state } = processStat(stat);
  return startTime === identity.startTime && !isOver(state);
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // ESRCH: it ended while it was read.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return null;
    throw error;
  }
}
