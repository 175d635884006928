/** How much of the disk that Tidepool's home is on has to be free, in MiB, and what is said where it is less. */
import type { Finding } from './host.ts';

/**
 * Nothing is started with less. A start itself takes little (the image is shared), but what runs has to go on saving: the
 * editor its caches and the user's files, each workspace up to 40 MiB of logs, and the database must be able to note that
 * something was stopped or deleted to make room.
 */
export const startNeedsDiskMiB = 512;
/** Below it is said that space runs short. */
const lowDiskMiB = 1024;

/** Never a failure: on a full disk Tidepool has to start, so that something can be deleted. */
export function diskFinding(id: string, path: string, freeMiB: number): Finding {
  const common = { id, title: `Disk of ${path}`, detail: `${freeMiB} MiB are free.`, commands: [] };
  if (freeMiB >= lowDiskMiB) return { ...common, status: 'ok', fix: null };
  const fix = 'Free some space: workspaces keep their files there.';
  if (freeMiB >= startNeedsDiskMiB) return { ...common, status: 'warning', fix };
  return { ...common, status: 'warning', fix: `${fix} Nothing is started below ${startNeedsDiskMiB} MiB.` };
}
