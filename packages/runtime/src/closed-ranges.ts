/** Addresses that are never public. No workspace reaches any of them, whatever the runtime (invariant 6). */

/** https://www.iana.org/assignments/iana-ipv4-special-registry */
export const closedIpv4: readonly string[] = [
  '0.0.0.0/8', // this network, and this host (RFC 791)
  '10.0.0.0/8', // private (RFC 1918)
  '100.64.0.0/10', // shared by a carrier's customers (RFC 6598)
  '127.0.0.0/8', // loopback (RFC 1122)
  '169.254.0.0/16', // link-local, and what clouds tell their machines (RFC 3927)
  '172.16.0.0/12', // private (RFC 1918)
  '192.168.0.0/16', // private (RFC 1918)
  '224.0.0.0/4', // multicast (RFC 5771)
  '240.0.0.0/4', // reserved, and broadcast (RFC 1112, RFC 919)
];

/** https://www.iana.org/assignments/iana-ipv6-special-registry */
export const closedIpv6: readonly string[] = [
  '::/127', // no address, and loopback (RFC 4291)
  'fc00::/7', // private: unique local (RFC 4193)
  'fe80::/10', // link-local (RFC 4291)
  'ff00::/8', // multicast (RFC 4291)
];
