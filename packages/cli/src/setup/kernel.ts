/** What Incus needs of the kernel, and of whatever this machine is itself a guest of. Looked at only. */
import type { Host } from '../preflight/host.ts';
import type { Step } from './setup.ts';

export const kernel: Step = {
  id: 'incus.kernel',
  title: 'Kernel',
  isInside: false,
  look({ host }, { remote, canVirtualize }) {
    if (remote) return { kind: 'done', detail: 'Not looked at: Tidepool does not start this Incus.' };
    if (host.platform !== 'linux') {
      const detail = `Incus runs on Linux; this is ${host.platform}.`;
      return {
        kind: 'blocked',
        detail,
        fix: 'Run this on the Linux machine, or name its Incus in TIDEPOOL_INCUS_URL.',
      };
    }
    const lacking = requirements.find(({ holds }) => !holds(host));
    if (lacking !== undefined) return { kind: 'blocked', ...lacking.refusal };
    const machines = canVirtualize ? 'virtual machines too' : 'containers only (no KVM with vhost_vsock)';
    return { kind: 'done', detail: `It can run ${machines}.` };
  },
  async apply() {},
};

interface Requirement {
  holds(host: Host): boolean;
  readonly refusal: { readonly detail: string; readonly fix: string; readonly commands?: readonly string[] };
}

const requirements: readonly Requirement[] = [
  {
    holds: (host) => / cgroup2? /.test(host.read('/proc/mounts') ?? ''),
    refusal: {
      detail: 'No control groups are mounted; Incus cannot limit or start instances.',
      fix: 'Mount them.',
      commands: ['mount -t cgroup2 cgroup2 /sys/fs/cgroup'],
    },
  },
  {
    holds: (host) =>
      host.exists('/proc/self/ns/user') && host.read('/proc/sys/user/max_user_namespaces')?.trim() !== '0',
    refusal: {
      detail: 'The kernel allows no user namespaces.',
      fix: 'Allow them; where this machine is a container itself, on the machine that it runs on.',
      commands: ['sysctl -w user.max_user_namespaces=10000'],
    },
  },
  {
    // The whole range of ids maps to itself on a machine of its own; root in a container has some of them.
    holds: (host) => hasIds(host.read('/proc/self/uid_map') ?? ''),
    refusal: {
      detail: 'This machine is a container that has too few user ids for containers of its own.',
      fix: 'Let it nest (in Incus: security.nesting=true and a larger security.idmap.size), or use a machine of its own.',
    },
  },
];

/** What Incus' smallest container maps comes on top of our own 65,536. */
function hasIds(map: string): boolean {
  const counts = map.split('\n').map((line) => Number(line.trim().split(/\s+/)[2] ?? 0));
  return map === '' || counts.reduce((sum, count) => sum + count, 0) >= 2 * 65_536;
}
