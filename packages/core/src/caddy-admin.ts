/**
 * The guard of Caddy's admin endpoint. Whoever reaches that endpoint owns the host, so every config carries this section:
 * the one Caddy is started with, and the base config (a `/load` without it would open the default, an unguarded TCP port).
 */

/** The `Host` a client asks a socket as; 2.6.2 answers 403 on a socket unless it is an allowed origin. */
export const adminSocketHost = 'tidepool';

export interface CaddyAdmin {
  readonly listen: string;
  readonly enforce_origin: true;
  readonly origins: readonly string[];
}

/** @param address `unix//ABSOLUTE/PATH` (in a 0700 directory) or `127.0.0.1:PORT` */
export function caddyAdmin(address: string): CaddyAdmin {
  return { listen: address, enforce_origin: true, origins: [address.startsWith('unix/') ? adminSocketHost : address] };
}
