/** Which address range the bridge gets: one that nothing on this host reaches already. Pure. */
import { formatIpv4, type Ipv4Range, ipv4RangeOf, parseIpv4Range, rangesOverlap } from '@tidepool/core';

/** Shorter ones stand for «everything», as the two halves of a VPN that takes all traffic do. */
const shortestRoute = 8;

/** The bridge's own address in it, with the prefix, as Incus wants it: `10.77.0.1/22`. */
export function gatewayOf({ first, prefix }: Ipv4Range): string {
  return `${formatIpv4(first + 1)}/${prefix}`;
}

/** Those of `taken` that `range` meets. What is as good as a default route takes nothing. */
export function conflicts(range: Ipv4Range, taken: readonly Ipv4Range[]): Ipv4Range[] {
  return taken.filter((other) => other.prefix >= shortestRoute && rangesOverlap(range, other));
}

/** `preferred` where it is free, else the next free one of the same size; null where there is none. */
export function freeRange(preferred: Ipv4Range, taken: readonly Ipv4Range[]): Ipv4Range | null {
  return [preferred, ...candidates(preferred.prefix)].find((range) => conflicts(range, taken).length === 0) ?? null;
}

/** In the private ranges (RFC 1918), where home networks, Docker and libvirt seldom are first. */
function candidates(prefix: number): Ipv4Range[] {
  const starts = [
    ...Array.from({ length: 50 }, (_, index) => `10.${77 + index}.0.0`),
    ...Array.from({ length: 7 }, (_, index) => `172.${25 + index}.0.0`),
    ...Array.from({ length: 39 }, (_, index) => `192.168.${96 + index * 4}.0`),
  ];
  return starts.flatMap((start) => parseIpv4Range(start) ?? []).map(({ first }) => ipv4RangeOf(first, prefix));
}
