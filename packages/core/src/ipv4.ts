/** IPv4 addresses and ranges of them, as numbers. */

export interface Ipv4Range {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

/** `10.77.0.1/22` is the whole range that this address is of, an address alone a range of one; null where it is neither. */
export function parseIpv4Range(text: string): Ipv4Range | null {
  const [, address = '', bits] = /^([^/]*)(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  const number = parseIpv4(address);
  const prefix = Number(bits ?? 32);
  return number === null || prefix > 32 ? null : ipv4RangeOf(number, prefix);
}

/** `10.77.0.0/22` */
export function formatIpv4Range({ first, prefix }: Ipv4Range): string {
  return `${formatIpv4(first)}/${prefix}`;
}

/** Null where it is none. */
export function parseIpv4(text: string): number | null {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const octets = (found ?? []).slice(1).map(Number);
  if (found === null || octets.some((octet) => octet > 255)) return null;
  return octets.reduce((number, octet) => number * 256 + octet, 0);
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** The range of that size which the address is of. */
export function ipv4RangeOf(address: number, prefix: number): Ipv4Range {
  const size = 2 ** (32 - prefix);
  const first = address - (address % size);
  return { first, last: first + size - 1, prefix };
}

/** Whether they share an address. */
export function rangesOverlap(one: Ipv4Range, other: Ipv4Range): boolean {
  return one.first <= other.last && other.first <= one.last;
}

export function rangeContains(outer: Ipv4Range, inner: Ipv4Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}
