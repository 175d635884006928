/** The addresses of a bridge: its own, and those that its instances may have. */
import { formatIpv4, type Ipv4Range, parseIpv4, parseIpv4Range } from '@tidepool/core';

export interface Subnet extends Ipv4Range {
  /** The bridge's own address, which is the guests' way out. */
  readonly gateway: string;
}

/** @param cidr the bridge's address with its prefix, such as `10.77.0.1/22`; null for what is none, such as `none` */
export function parseSubnet(cidr: string): Subnet | null {
  const range = parseIpv4Range(cidr);
  return range === null ? null : { ...range, gateway: cidr.replace(/\/.*/, '') };
}

/** How many addresses instances may have: all but the network's own, the broadcast's and the bridge's. */
export function roomOf({ first, last }: Subnet): number {
  return last - first - 2;
}

/** The `index`-th address that an instance may have, beginning again after the last. */
export function addressAt(subnet: Subnet, index: number): string {
  const { gateway, first } = subnet;
  const address = first + 1 + (index % roomOf(subnet));
  return formatIpv4(address >= (parseIpv4(gateway) ?? 0) ? address + 1 : address);
}
