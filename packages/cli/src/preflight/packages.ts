/** What has to be installed, in the names of each system's packages, and the command that does it. */
import type { Host } from './host.ts';

/** By Debian's name. */
const elsewhere = {
  caddy: { dnf: 'caddy', pacman: 'caddy', zypper: 'caddy' },
  bubblewrap: { dnf: 'bubblewrap', pacman: 'bubblewrap', zypper: 'bubblewrap' },
  passt: { dnf: 'passt', pacman: 'passt', zypper: 'passt' },
  nftables: { dnf: 'nftables', pacman: 'nftables', zypper: 'nftables' },
  socat: { dnf: 'socat', pacman: 'socat', zypper: 'socat' },
  iproute2: { dnf: 'iproute', pacman: 'iproute2', zypper: 'iproute2' },
  'util-linux': { dnf: 'util-linux', pacman: 'util-linux', zypper: 'util-linux' },
  'g++': { dnf: 'gcc-c++', pacman: 'gcc', zypper: 'gcc-c++' },
  make: { dnf: 'make', pacman: 'make', zypper: 'make' },
  python3: { dnf: 'python3', pacman: 'python', zypper: 'python3' },
  mmdebstrap: { dnf: 'mmdebstrap', pacman: 'mmdebstrap', zypper: 'mmdebstrap' },
  zstd: { dnf: 'zstd', pacman: 'zstd', zypper: 'zstd' },
  'libkrb5-dev': { dnf: 'krb5-devel', pacman: 'krb5', zypper: 'krb5-devel' },
} as const;

export type PackageName = keyof typeof elsewhere;

type Manager = 'apt' | 'dnf' | 'pacman' | 'zypper';

/** Which of them a system's `ID` or `ID_LIKE` means (os-release(5)). */
const managers: Readonly<Record<string, Manager>> = {
  debian: 'apt',
  ubuntu: 'apt',
  fedora: 'dnf',
  rhel: 'dnf',
  arch: 'pacman',
  suse: 'zypper',
  opensuse: 'zypper',
};

export interface System {
  /** Such as `Debian GNU/Linux 12 (bookworm)`. */
  readonly name: string;
  /** Null where nobody knows how this system installs packages. */
  readonly manager: Manager | null;
}

export function systemOf(host: Host): System {
  const release = host.read('/etc/os-release') ?? '';
  const value = (key: string) => new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(release)?.[1] ?? '';
  const ids = [value('ID'), ...value('ID_LIKE').split(' ')];
  const known = ids.find((id) => managers[id] !== undefined);
  return { name: value('PRETTY_NAME') || host.platform, manager: known ? (managers[known] ?? null) : null };
}

/** The exact commands for this system and this user; none where the system is unknown. */
export function installCommands(names: readonly PackageName[], { manager }: System, isRoot: boolean): string[] {
  if (names.length === 0 || manager === null) return [];
  const list = [...new Set(manager === 'apt' ? names : names.map((name) => elsewhere[name][manager]))].join(' ');
  const sudo = isRoot ? '' : 'sudo ';
  switch (manager) {
    case 'apt':
      return [`${sudo}apt-get update`, `${sudo}apt-get install -y --no-install-recommends ${list}`];
    case 'dnf':
      return [`${sudo}dnf install -y ${list}`];
    case 'pacman':
      return [`${sudo}pacman -S --needed ${list}`];
    case 'zypper':
      return [`${sudo}zypper install -y ${list}`];
  }
}
