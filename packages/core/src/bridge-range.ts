/** Which address ranges a bridge of workspaces may have. */

/**
 * Private (RFC 1918), and what carriers share (RFC 6598) for those who have given the private ones away: anything else
 * would hide a part of the internet from workspaces.
 */
const allowed = [
  { network: [10, 0], prefix: 8 },
  { network: [100, 64], prefix: 10 },
  { network: [172, 16], prefix: 12 },
  { network: [192, 168], prefix: 16 },
] as const;

/** Incus takes one address of it itself, and broadcasts on another. */
const longestPrefix = 28;

/** As it must be, for its reader. */
export const bridgeRangeRule =
  'a private IPv4 range (in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10) with a prefix of at most /28';

/** @param text an address of it with its prefix, such as `10.77.0.1/22` */
export function isBridgeRange(text: string): boolean {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (found === null) return false;
  const [first = 0, second = 0, third = 0, fourth = 0, prefix = 0] = found.slice(1).map(Number);
  if ([first, second, third, fourth].some((octet) => octet > 255) || prefix > longestPrefix) return false;
  return allowed.some((range) => {
    const rest = 2 ** (16 - range.prefix);
    const [start, asked] = [range.network[0] * 256 + range.network[1], first * 256 + second];
    return prefix >= range.prefix && asked - (asked % rest) === start;
  });
}
