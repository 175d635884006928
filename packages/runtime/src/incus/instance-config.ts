/** What an instance is started with. Nothing of a workspace is in the image: all of it is here. */
import { existsSync } from 'node:fs';
import type { InstanceSpec } from '../runtime.ts';
import { mostTasks } from '../sandbox/cgroup.ts';
import { editorCommand } from '../sandbox/editor-command.ts';
import { guestEnvironment } from '../sandbox/guest-environment.ts';
import { guestTree } from '../sandbox/guest-etc.ts';
import type { Amendment } from './amend.ts';
import type { IncusInstance } from './client/replies.ts';
import { type IncusHome, labels } from './incus-home.ts';
import type { Subnet } from './subnet.ts';
import { wantedDevices } from './surroundings/wanted.ts';

export type InstanceType = 'container' | 'virtual-machine';

/** Bytes that a console's file on the host may grow to; it begins again then. The worker moves what it wants to keep before. */
const mostConsoleBytes = 16 * 2 ** 20;

export interface Boot {
  /** The workspace's. */
  readonly name: string;
  /** In the bridge's subnet, free. */
  readonly address: string;
  readonly subnet: Subnet;
  /** A file on the host of the daemon that takes what the console says; null to leave it to Incus. */
  readonly log: string | null;
}

/** Said of each instance itself: what a profile says of the same does not count then. Root inside is nobody on the host. Empty ones are taken away. */
const containerWall = {
  'security.privileged': 'false',
  'security.nesting': 'false',
  'security.syscalls.deny_default': 'true',
  // Users of one workspace are no others' on the host either: limits per user are not shared.
  'security.idmap.isolated': 'true',
  'raw.idmap': '',
  'raw.apparmor': '',
  'raw.seccomp': '',
};

/** Configuration with which a container of our image boots to its editor; also for one that is only tried. */
export function bootConfig({ name, address, subnet, log }: Boot): Record<string, string> {
  const environment = {
    ...guestEnvironment(name),
    TIDEPOOL_EDITOR: editorCommand(name, '/usr/lib/tidepool/editor.cjs').join(' '),
    TIDEPOOL_DNS: subnet.gateway,
  };
  // Set before the first program runs: nothing waits for a lease. LXC writes the console's file itself, so nobody has to follow.
  const raw = [
    `lxc.net.0.ipv4.address = ${address}/${subnet.prefix}`,
    `lxc.net.0.ipv4.gateway = ${subnet.gateway}`,
    ...(log === null ? [] : [`lxc.console.logfile = ${log}`, `lxc.console.size = ${mostConsoleBytes}`]),
  ];
  return {
    ...Object.fromEntries(Object.entries(environment).map(([key, value]) => [`environment.${key}`, value])),
    'raw.lxc': raw.join('\n'),
    ...containerWall,
    // Nothing inside needs Incus, and its labels are none of the guest's.
    'security.guestapi': 'false',
    'limits.processes': String(mostTasks),
  };
}

/** A virtual machine has no environment from outside: its boot reads this at `/dev/incus/sock`, and its address by DHCP. */
function machineConfig({ name, subnet }: Boot): Record<string, string> {
  const container = bootConfig({ name, address: subnet.gateway, subnet, log: null });
  const environment = Object.entries(container).flatMap(([key, value]) =>
    key.startsWith('environment.') ? [`${key.slice('environment.'.length)}=${value}`] : [],
  );
  return { 'user.tidepool.environment': environment.join('\n') };
}

/** The network card with its address. An instance's own device replaces the profile's, walls and all. */
export function nic(home: IncusHome, address: string): Record<string, string> {
  return { ...wantedDevices(home.options.config).eth0, 'ipv4.address': address };
}

/** With nothing left out. */
type Whole<T> = { readonly [Part in keyof T]-?: NonNullable<T[Part]> };

/** What the amendment depends on: of the instance, or of what it is going to be made from. */
export type Startable = Pick<IncusInstance, 'type' | 'config' | 'devices'>;

/** What an instance is made with and `start` makes sure of: the workspace's size and name, its address, and the tree shared with others on this host. */
export function startAmendment(
  home: IncusHome,
  found: Startable,
  spec: InstanceSpec,
  given: { readonly jobId: string; readonly address: string; readonly subnet: Subnet; readonly extraMiB: number },
): Whole<Amendment> {
  const { address, subnet, jobId, extraMiB } = given;
  const log = home.local ? `${spec.logDirectory}/instance.log` : null;
  const boot = { name: spec.name, address, subnet, log };
  const isContainer = found.type === 'container';
  return {
    config: {
      ...(isContainer ? bootConfig(boot) : machineConfig(boot)),
      'limits.cpu': String(spec.cpus),
      'limits.memory': `${spec.memoryMiB}MiB`,
      [labels.name]: spec.name,
      [labels.job]: jobId,
      [labels.log]: log ?? '',
    },
    devices: {
      eth0: nic(home, address),
      root: rootDisk(home, found, spec, extraMiB),
      ...(isContainer ? { tree: sharedTree(home, found) } : {}),
    },
  };
}

/** Grows to what is asked for; never shrinks: nobody writes to a disk that has more than its size, nor changes that. */
function rootDisk(
  home: IncusHome,
  found: Startable,
  { diskGiB }: InstanceSpec,
  extraMiB: number,
): Record<string, string> {
  const mebibytes = Math.max(rootMiB(found), diskGiB * 1024) + extraMiB;
  const size = mebibytes % 1024 === 0 ? `${mebibytes / 1024}GiB` : `${mebibytes}MiB`;
  return { ...wantedDevices(home.options.config).root, size };
}

/** The version of the tree in the image: the image's property `tidepool.tree`, as an instance made from it has it. */
export const treeOfImage = 'image.tidepool.tree';

/** The size of its disk; 0 where it has none of its own. */
export function rootMiB({ devices }: Startable): number {
  const [, size = '0', unit] = /^(\d+)([GM])iB$/.exec(devices.root?.size ?? '') ?? [];
  return Number(size) * (unit === 'G' ? 1024 : 1);
}

/**
 * The image's Node and editor, from this host's own copy of the same version where it has one: instances then share its
 * page cache (an idle one takes 96 MiB instead of 262). The image holds it, too, for where they cannot.
 */
function sharedTree(home: IncusHome, { config }: Startable): Record<string, string> {
  const version = config[treeOfImage] ?? '';
  const source = `${home.options.images}/workspace-${version}`;
  const isThere = home.local && /^[0-9a-f]+$/.test(version) && existsSync(`${source}/manifest.json`);
  return isThere ? { type: 'disk', source, path: guestTree, readonly: 'true' } : { type: 'none' };
}
