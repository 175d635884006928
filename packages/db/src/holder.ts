/**
 * Who holds a lease: a process, named so that a reused pid is not mistaken for it. Read from /proc (proc(5)), which
 * makes this Linux only.
 */
import { readFileSync } from 'node:fs';
import { startTimeOf } from '@tidepool/core';
import type { Holder } from './store.ts';

/** This process. */
export function currentHolder(): Holder {
  return { bootId: bootId(), pid: process.pid, startTime: startTimeOf(readFileSync('/proc/self/stat', 'utf8')) };
}

/** Whether that very process still runs. One that was killed and not yet waited for (a zombie) does not. */
export function isAlive(holder: Holder): boolean {
  if (holder.bootId !== bootId()) return false;
  const stat = statOf(holder.pid);
  return stat !== null && startTimeOf(stat) === holder.startTime && !hasEnded(stat);
}

function bootId(): string {
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

/** Field 3, behind the name in parentheses: `Z` zombie, `X` dead. */
function hasEnded(stat: string): boolean {
  return /^[ZXx]$/.test(stat.charAt(stat.lastIndexOf(')') + 2));
}
