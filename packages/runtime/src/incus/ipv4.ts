/** Addresses in the bridge's subnet, as numbers. */

export interface Subnet {
  /** The bridge's own address, which is the guests' way out. */
  readonly gateway: string;
  /** The first address, which names the subnet. */
  readonly network: string;
  readonly prefix: number;
  readonly first: number;
  readonly last: number;
}

/** @param cidr such as `10.77.0.1/22`, the bridge's address with its prefix; without one, that address alone */
export function parseSubnet(cidr: string): Subnet {
  const [gateway = '', bits = '32'] = cidr.split('/');
  const prefix = Number(bits);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(toNumber(gateway) / size) * size;
  return { gateway, network: toText(first), prefix, first, last: first + size - 1 };
}

/** Whether they share an address. */
export function overlap(one: Subnet, other: Subnet): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** The `index`-th address that an instance may have, beginning again after the last; the bridge's own is left out. */
export function addressAt({ gateway, first, last }: Subnet, index: number): string {
  // Without the network's own address, the broadcast's and the bridge's.
  const room = last - first - 2;
  const address = first + 1 + (index % room);
  return toText(address >= toNumber(gateway) ? address + 1 : address);
}

export function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
