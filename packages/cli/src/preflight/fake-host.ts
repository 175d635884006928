/** A machine for tests: a Debian that has everything, and what a test takes away from it. */
import type { Finding } from '@tidepool/core';
import type { CommandResult, Host, PortState } from './host.ts';

export interface Lack {
  readonly platform?: string;
  readonly arch?: string;
  readonly isRoot?: boolean;
  /** Contents by path, over those of the whole machine; null: not there. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Permission bits by path. */
  readonly modes?: Readonly<Record<string, number | null>>;
  readonly missingPrograms?: readonly string[];
  /** By the program and its first arguments: `caddy version`. */
  readonly answers?: Readonly<Record<string, CommandResult>>;
  readonly ports?: Readonly<Record<number, PortState>>;
  readonly unwritable?: readonly string[];
  readonly limits?: string;
  readonly incus?: readonly Finding[];
  readonly disk?: { readonly type?: number; readonly freeMiB?: number };
}

const files: Readonly<Record<string, string>> = {
  '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
  '/proc/meminfo': 'MemTotal:       16384000 kB\nMemFree: 1 kB\nMemAvailable:   12288000 kB\n',
  '/proc/mounts': '/dev/vda / ext4 rw,relatime 0 0\n',
};

const answers: Readonly<Record<string, CommandResult>> = {
  'caddy version': { code: 0, output: '2.6.2' },
  // The queue's own process, asked what is at its endpoint.
  [process.execPath]: {
    code: 0,
    output: '{"id":"queue","title":"Queue","status":"ok","detail":"It answers.","fix":null,"commands":[]}',
  },
};

export function fakeHost(lack: Lack = {}): Host {
  const gone = new Set(lack.missingPrograms);
  const read = (path: string) => ({ ...files, ...lack.files })[path] ?? null;
  return {
    platform: lack.platform ?? 'linux',
    arch: lack.arch ?? 'x64',
    isRoot: lack.isRoot ?? false,
    read,
    exists: (path) => !gone.has(path.slice(path.lastIndexOf('/') + 1)) && !path.startsWith('/srv/tp/'),
    stat(path) {
      const mode = lack.modes?.[path];
      if (mode === null) return null;
      return { mode: mode ?? (path === '/dev/net/tun' ? 0o20666 : 0o40755) };
    },
    writable: (path) => !lack.unwritable?.includes(path),
    disk: async () => ({ type: lack.disk?.type ?? 0xef53, freeMiB: lack.disk?.freeMiB ?? 50_000 }),
    async run(argv) {
      if (gone.has(argv[0])) return { code: null, output: 'ENOENT' };
      const known = { ...answers, ...lack.answers };
      const said = Object.entries(known).find(([start]) => argv.join(' ').startsWith(start));
      return said?.[1] ?? { code: 0, output: '' };
    },
    listen: async (_address, port) => lack.ports?.[port] ?? 'free',
    limits: () => ({
      id: 'sandbox.limits',
      title: 'Limits of CPU and memory',
      status: lack.limits === undefined ? 'ok' : 'warning',
      detail: lack.limits ?? 'Enforced.',
      fix: null,
      commands: [],
    }),
    incus: async () => lack.incus ?? [],
  };
}
