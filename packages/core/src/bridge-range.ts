/** Which address ranges a bridge of workspaces may have. */
import { parseIpv4Range, rangeContains } from './ipv4.ts';

/**
 * Private (RFC 1918), and what carriers share (RFC 6598) for those who have given the private ones away: anything else
 * would hide a part of the internet from workspaces.
 */
const allowed = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'];

/** Incus takes one address of it itself, and broadcasts on another. */
const longestPrefix = 28;

/** As it must be, for its reader. */
export const bridgeRangeRule =
  'a private IPv4 range (in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10) with a prefix of at most /28';

/** @param text an address of it with its prefix, such as `10.77.0.1/22` */
export function isBridgeRange(text: string): boolean {
  const asked = parseIpv4Range(text);
  if (asked === null || asked.prefix > longestPrefix) return false;
  return allowed.flatMap((known) => parseIpv4Range(known) ?? []).some((known) => rangeContains(known, asked));
}
