/**
 * Processes of a build whose builder was killed: npm and its compilers go on alone, writing where the next build works.
 * They are known by a variable in their environment that names the staging directory, not by a pid.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export const buildMarker = 'TIDEPOOL_IMAGE_BUILD';

/** Returns when none is left. */
export async function endBuildLeftovers(staging: string, signal: AbortSignal): Promise<number> {
  const seen = new Set<number>();
  for (;;) {
    const pids = markedProcesses(staging);
    if (pids.length === 0) return seen.size;
    for (const pid of pids) {
      seen.add(pid);
      endNow(pid);
    }
    await pause(20, undefined, { signal });
  }
}

function markedProcesses(staging: string): number[] {
  const marker = `${buildMarker}=${staging}`;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => pid !== process.pid && environmentOf(pid).includes(marker));
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // Ended meanwhile (a zombie has no environment either), or another user's, which no build of ours is.
    return [];
  }
}

/** SIGKILL; a negative number means a process group. */
export function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended by itself meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
