/** What Tidepool has in Incus beside its instances: a project with its profile, and a bridge behind a wall (invariant 6). */
import { type IncusConfig, parseIpv4Range, rangeContains } from '@tidepool/core';
import { closedIpv4 } from '../../closed-ranges.ts';
import type { HostNetworks } from '../../sandbox/host-networks.ts';
import type { AclRule } from '../client/replies.ts';

type Config = Readonly<Record<string, string>>;

/** The label of everything here; what has it not is its owner's, whatever it is called. */
export const ours = { 'user.tidepool': 'true' } as const;

/** Images, profiles and volumes are the project's own. Bridges and their ACLs live in Incus's default project: a project's own networks are OVN's. */
export const wantedProject: Config = {
  ...ours,
  'features.images': 'true',
  'features.networks': 'false',
  'features.profiles': 'true',
  'features.storage.volumes': 'true',
};

/** `subnet`: the bridge's address and prefix; null to leave it as it is. */
export function wantedNetwork({ network }: IncusConfig, subnet: string | null): Config {
  return {
    ...ours,
    ...(subnet === null ? {} : { 'ipv4.address': subnet }),
    'ipv4.dhcp': 'true',
    'ipv4.firewall': 'true',
    'ipv4.nat': 'true',
    'ipv6.address': 'none',
    // Its resolver answers for the internet and does not list the neighbours.
    'dns.mode': 'none',
    'security.acls': aclName(network),
    'security.acls.default.egress.action': 'reject',
    'security.acls.default.ingress.action': 'reject',
  };
}

/** ACLs are told apart from bridges by kind only: ours has the bridge's name, which is no one else's. */
export function aclName(network: string): string {
  return network;
}

/**
 * Incus puts rejects before allows, and before both lets DNS and DHCP through to the host. `host`: the addresses and
 * networks of the host that Incus runs on, where they are known. `callers`: the addresses that Caddy asks from.
 */
export function wantedRules(
  callers: readonly string[],
  host: HostNetworks | null,
): { egress: AclRule[]; ingress: AclRule[] } {
  // What is closed anyway is left out: the rules then stay the same when the host joins one private network or another.
  const others = (host?.v4 ?? []).filter((entry) => !isClosed(entry));
  const reached = [...closedIpv4, ...others];
  return {
    egress: [
      {
        ...rule,
        action: 'reject',
        destination: reached.join(','),
        description: 'The host, its networks, other workspaces',
      },
      // The bridge has no IPv6: this is for the day when somebody gives it some.
      { ...rule, action: 'reject', destination: '::/0', description: 'IPv6' },
      { ...rule, action: 'allow', description: 'The internet' },
    ],
    ingress: [{ ...rule, action: 'allow', source: callers.join(','), description: 'Caddy' }],
  };
}

function isClosed(entry: string): boolean {
  const asked = parseIpv4Range(entry);
  if (asked === null) return false;
  return closedIpv4.flatMap((range) => parseIpv4Range(range) ?? []).some((range) => rangeContains(range, asked));
}

/** Of the project's `default` profile, which every instance has. */
export function wantedDevices({ network, pool }: IncusConfig): Readonly<Record<string, Config>> {
  return {
    root: { type: 'disk', path: '/', pool },
    eth0: {
      type: 'nic',
      name: 'eth0',
      network,
      'security.ipv4_filtering': 'true',
      'security.mac_filtering': 'true',
      'security.port_isolation': 'true',
    },
  };
}

/** What an owner may add to the profile. The rest decides who root inside is, and what of the host it reaches. */
const harmless = /^(environment|limits|user)\./;

/** Keys of the profile that are taken away, and its network cards beside ours, which would lead around the wall. */
export function openings(found: { readonly config: Config; readonly devices: Readonly<Record<string, Config>> }): {
  readonly keys: readonly string[];
  readonly cards: readonly string[];
} {
  return {
    keys: Object.keys(found.config).filter((key) => !harmless.test(key)),
    cards: Object.keys(found.devices).filter((name) => name !== 'eth0' && found.devices[name]?.type === 'nic'),
  };
}

const rule: AclRule = {
  action: '',
  state: 'enabled',
  source: '',
  destination: '',
  protocol: '',
  source_port: '',
  destination_port: '',
  icmp_type: '',
  icmp_code: '',
  description: '',
};
