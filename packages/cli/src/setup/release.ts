/** Where a system's Incus comes from: Debian's and Ubuntu's own packages, or commands for the owner. */
import type { Host } from '../preflight/host.ts';

/** What os-release(5) says. */
export interface Release {
  /** Such as `Debian GNU/Linux 12 (bookworm)`. */
  readonly name: string;
  readonly id: string;
  readonly like: readonly string[];
  /** Empty on Debian's testing and unstable. */
  readonly version: string;
  readonly codename: string;
}

export type IncusSource =
  /** In the release's own archive. `base`: the package without virtual machines, `full`: the one with them. */
  | { readonly kind: 'release'; readonly base: string; readonly full: string }
  /** In another suite of the same archive. */
  | { readonly kind: 'backports'; readonly suite: string; readonly base: string; readonly full: string }
  /** Not ours to install: why, and what its owner can do. */
  | { readonly kind: 'none'; readonly why: string; readonly commands: readonly string[] };

export function readRelease(host: Host): Release {
  const text = host.read('/etc/os-release') ?? '';
  const value = (key: string) => new RegExp(`^${key}=["']?([^"'\n]*)["']?$`, 'm').exec(text)?.[1] ?? '';
  return {
    name: value('PRETTY_NAME') || value('ID') || host.platform,
    id: value('ID'),
    like: value('ID_LIKE').split(' ').filter(Boolean),
    version: value('VERSION_ID'),
    codename: value('VERSION_CODENAME'),
  };
}

/** Debian splits off virtual machines (incus needs incus-base and qemu); Ubuntu 24.04 has one package. */
const debian = { base: 'incus-base', full: 'incus' } as const;
const ubuntu = { base: 'incus', full: 'incus' } as const;

export function incusSource({ id, like, version, name }: Release, isRoot: boolean): IncusSource {
  if (id === 'debian') {
    if (version === '12') return { kind: 'backports', suite: 'bookworm-backports', ...debian };
    if (version === '' || Number(version) >= 13) return { kind: 'release', ...debian };
    return { kind: 'none', why: `${name} has no Incus; Debian 12 and newer have.`, commands: [] };
  }
  if (id === 'ubuntu') {
    if (Number(version) >= 24.04) return { kind: 'release', ...ubuntu };
    return { kind: 'none', why: `${name} has no Incus; Ubuntu 24.04 and newer have.`, commands: [] };
  }
  const known = [id, ...like].map((word) => installers[word]).find((command) => command !== undefined);
  const sudo = isRoot ? '' : 'sudo ';
  return {
    kind: 'none',
    why: `Tidepool installs Incus on Debian and Ubuntu only; this is ${name}.`,
    commands: known === undefined ? [] : [`${sudo}${known}`, `${sudo}systemctl enable --now incus.service`],
  };
}

const installers: Readonly<Record<string, string>> = {
  debian: 'apt-get install -y incus btrfs-progs dnsmasq-base nftables',
  fedora: 'dnf install -y incus btrfs-progs dnsmasq nftables',
  arch: 'pacman -S --needed incus btrfs-progs dnsmasq nftables',
  suse: 'zypper install -y incus btrfsprogs dnsmasq nftables',
  opensuse: 'zypper install -y incus btrfsprogs dnsmasq nftables',
};
