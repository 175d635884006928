/**
 * The admin endpoint, and the config Caddy starts with. Whoever reaches it owns the host, so it never loses its guard:
 * a `/load` without this section would move it back to its default, an open TCP port.
 */
import type { Json } from './caddy-json.ts';

/** The `Host` our client asks a socket as; 2.6.2 answers 403 on a socket unless it is an allowed origin. */
export const socketHost = 'tidepool';

/** @param address `unix//ABSOLUTE/PATH` (in a 0700 directory) or `127.0.0.1:PORT` */
export function adminConfig(address: string): { readonly [key: string]: Json } {
  return {
    listen: address,
    enforce_origin: true,
    origins: [address.startsWith('unix/') ? socketHost : address],
  };
}

/** What Caddy is started with where it has no config to resume: no more than the admin endpoint. */
export function bootConfig(address: string): { readonly [key: string]: Json } {
  return { admin: adminConfig(address) };
}
