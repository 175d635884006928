/** Where the system keeps a program. */
import type { Host } from './host.ts';

const directories = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Where sandboxes and daemons look for it, whatever the PATH of this shell; null where it is not there. */
export function findProgram(host: Host, program: string): string | null {
  return directories.map((directory) => `${directory}/${program}`).find((path) => host.exists(path)) ?? null;
}
