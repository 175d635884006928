/**
 * Who holds a lease: a process, named so that a reused pid is not mistaken for it. Read from /proc (proc(5)), which
 * makes this Linux only.
 */
import { readFileSync } from 'node:fs';
import { isOver, processStat } from '@tidepool/core';
import type { Holder } from './store.ts';

/** This process. */
export function currentHolder(): Holder {
  const { startTime } = processStat(readFileSync('/proc/self/stat', 'utf8'));
  return { bootId: bootId(), pid: process.pid, startTime };
}

/** Whether that very process still runs. One that was killed and not yet waited for (a zombie) does not. */
export function isAlive(holder: Holder): boolean {
  if (holder.bootId !== bootId()) return false;
  const stat = statOf(holder.pid);
  if (stat === null) return false;
  const { startTime, state } = processStat(stat);
  return startTime === holder.startTime && !isOver(state);
}

/** Of the host's present boot: `/proc/sys/kernel/random/boot_id`. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function statOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    // ESRCH: it ended between open and read.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return null;
    throw error;
  }
}
