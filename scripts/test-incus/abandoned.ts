/** What a run that was killed left behind beside its Incus: processes that it had started, the Incus of single tests, lxcfs. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../packages/cli/src/process-identity.ts';
import { runningDaemons } from '../../packages/cli/src/setup/incusd.ts';
import { openSetupRecord } from '../../packages/cli/src/setup/setup-record.ts';
import type { Place } from './place.ts';

/** Vitest, Tidepools, builds, set-ups: whoever was to meet an Incus of this place. They would go on using it. */
export function endUsersOf({ directory }: Place): void {
  const marks = readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isSafeInteger(pid) || pid === process.pid) return [];
    return environmentOf(pid).some((entry) => entry.startsWith(`INCUS_DIR=${directory}/`)) ? [pid] : [];
  });
  for (const pid of marks) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // It went with its parent.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** INCUS_DIR of each that has been in this place; tests of the set-up have some of their own there. */
export function incusDirectories({ directory, incus }: Place): string[] {
  const own = readdirSync(directory).filter((name) => name.startsWith('tp-'));
  return [incus, ...own.map((name) => join(directory, name, 'incus'))];
}

/** One that this place's set-up started, where no other daemon needs it. */
export function endLxcfs({ directory, incus }: Place): void {
  const { daemon } = openSetupRecord(incus).read() ?? {};
  if (daemon?.by !== 'itself' || daemon.lxcfs === null || !isAlive(daemon.lxcfs)) return;
  if (runningDaemons().some((other) => !other.directory.startsWith(`${directory}/`))) return;
  process.kill(daemon.lxcfs.pid, 'SIGTERM');
  spawnSync('umount', ['--lazy', '/var/lib/lxcfs'], { timeout: 30_000 });
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // It ended while we looked.
    return [];
  }
}
