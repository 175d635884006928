/**
 * The ports on which something in a sandbox's network listens, read from the kernel's tables of its sockets. A relay
 * cannot be asked: it accepts every connection and only then finds out that nobody is there.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { hasCode } from '../file-errors.ts';

/** Of each table, whose listening sockets come first: some 1,700 sockets. A guest may open many more. */
const mostBytes = 256 * 1024;

/** @param pid a process of that network; none where it is gone */
export function listeningPorts(pid: number): number[] {
  const tables = ['tcp', 'tcp6'].map((name) => readStart(`/proc/${pid}/net/${name}`));
  return [...new Set(tables.flatMap(portsIn))];
}

/**
 * 127.0.0.1, which is where a relay connects to, and what includes it, as numbers of 32 bits in the byte order of the host
 * (amd64 and arm64 have the same): `/proc/net/tcp` in proc_pid_net(5).
 */
const reached: readonly string[] = [
  '0100007F',
  '00000000',
  // ::, which takes IPv4 too unless the program says no; and ::ffff:127.0.0.1.
  '0'.repeat(32),
  `${'0'.repeat(16)}FFFF00000100007F`,
];
/** TCP_LISTEN of the kernel's tcp_states.h. */
const listen = '0A';

/** Of lines such as `0: 0100007F:0BB8 00000000:0000 0A …`. */
export function portsIn(table: string): number[] {
  const sockets = table.matchAll(/^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /gm);
  return [...sockets]
    .filter(([, address = '', , state]) => state === listen && reached.includes(address))
    .map(([, , port = '']) => Number.parseInt(port, 16));
}

/** ENXIO: it went between the look-up of its network and the opening of the table (the kernel's seq_open_net). */
const gone = ['ENOENT', 'ESRCH', 'ENXIO'];

/** Empty where the process is gone, or has no such table: a host without IPv6. */
function readStart(path: string): string {
  const buffer = Buffer.alloc(mostBytes);
  let length = 0;
  try {
    const file = openSync(path, 'r');
    try {
      // A table comes in pieces of a page.
      for (let read = 1; read > 0 && length < mostBytes; length += read) {
        read = readSync(file, buffer, length, mostBytes - length, null);
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (!gone.some((code) => hasCode(error, code))) throw error;
  }
  return buffer.toString('latin1', 0, length);
}
