/** Which address range the bridge gets: one that nothing on this host reaches already. Pure. */

/** An IPv4 range; `base` is its first address as a number. */
export interface Range {
  readonly base: number;
  readonly bits: number;
}

/** Shorter ones stand for «everything», as the two halves of a VPN that takes all traffic do. */
const shortestRoute = 8;

/** `10.77.0.1/22`, `10.77.0.0/22` or an address alone; null where it is none. */
export function parseRange(text: string): Range | null {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text);
  if (found === null) return null;
  const octets = found.slice(1, 5).map(Number);
  const bits = found[5] === undefined ? 32 : Number(found[5]);
  if (octets.some((octet) => octet > 255) || bits > 32) return null;
  const address = octets.reduce((number, octet) => number * 256 + octet, 0);
  return { base: address - (address % size(bits)), bits };
}

/** `10.77.0.0/22` */
export function formatRange({ base, bits }: Range): string {
  return `${formatAddress(base)}/${bits}`;
}

/** The bridge's own address in it, with the prefix, as Incus wants it: `10.77.0.1/22`. */
export function gatewayOf({ base, bits }: Range): string {
  return `${formatAddress(base + 1)}/${bits}`;
}

export function overlap(one: Range, other: Range): boolean {
  const [wide, narrow] = one.bits <= other.bits ? [one, other] : [other, one];
  return narrow.base - (narrow.base % size(wide.bits)) === wide.base;
}

/** Those of `taken` that `range` meets. What is as good as a default route takes nothing. */
export function conflicts(range: Range, taken: readonly Range[]): Range[] {
  return taken.filter((other) => other.bits >= shortestRoute && overlap(range, other));
}

/** `preferred` where it is free, else the next free one of the same size; null where there is none. */
export function freeRange(preferred: Range, taken: readonly Range[]): Range | null {
  return [preferred, ...candidates(preferred.bits)].find((range) => conflicts(range, taken).length === 0) ?? null;
}

/** In the private ranges (RFC 1918), where home networks, Docker and libvirt seldom are first. */
function candidates(bits: number): Range[] {
  const starts = [
    ...Array.from({ length: 50 }, (_, index) => `10.${77 + index}.0.0`),
    ...Array.from({ length: 7 }, (_, index) => `172.${25 + index}.0.0`),
    ...Array.from({ length: 39 }, (_, index) => `192.168.${96 + index * 4}.0`),
  ];
  return starts.flatMap((start) => parseRange(`${start}/${bits}`) ?? []);
}

function size(bits: number): number {
  return 2 ** (32 - bits);
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
