/**
 * The wall (invariant 6): rules of a sandbox's own network namespace that let it reach the internet and its resolver and
 * nothing of the host or its networks. They are set by a process that is root of that namespace, outside bwrap; what runs
 * inside bwrap lives in another user namespace and cannot change them.
 */
import { closedIpv4, closedIpv6 } from '../closed-ranges.ts';
import type { HostNetworks } from './host-networks.ts';

/** pasta answers DNS here and asks the host's resolver, which is often a private address itself. Link-local, so no one else's. */
export const dnsAddress = '169.254.1.53';

/** Applied by `nft -f` in one transaction. No established connections are let through: none comes in from outside. */
export function wallRules(host: HostNetworks): string {
  return `table inet tidepool {
  set host4 { type ipv4_addr; flags interval; auto-merge; }
  set host6 { type ipv6_addr; flags interval; auto-merge; }
  chain refuse {
    meta l4proto tcp reject with tcp reset
    reject
  }
  chain output {
    type filter hook output priority 0; policy accept;
    oifname "lo" accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit } accept
    ip daddr ${dnsAddress} meta l4proto { tcp, udp } th dport 53 accept
    ip daddr { ${closedIpv4.join(', ')} } jump refuse
    ip6 daddr { ${closedIpv6.join(', ')} } jump refuse
    ip daddr @host4 jump refuse
    ip6 daddr @host6 jump refuse
  }
}
${hostSets(host)}`;
}

/** Replaces the host's addresses and networks in a wall that stands. */
export function hostSets({ v4, v6 }: HostNetworks): string {
  const fill = (set: string, elements: readonly string[]) =>
    `flush set inet tidepool ${set}\n${elements.length > 0 ? `add element inet tidepool ${set} { ${elements.join(', ')} }\n` : ''}`;
  return fill('host4', v4) + fill('host6', v6);
}
