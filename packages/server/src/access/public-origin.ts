/** The two public origins, as a browser has to write them: configured, or the asked host's name with the other port. */
import type { Config } from '@tidepool/core';
import type { Request } from 'express';

/** Such as `http://localhost:8081`. A `Host` that is none falls back to `localhost`. */
export function publicOrigin(
  which: 'app' | 'workspace',
  request: Pick<Request, 'get'>,
  config: Pick<Config, 'origins' | 'ports'>,
): string {
  const configured = config.origins[which];
  if (configured !== null) return configured;
  const scheme = isSecure(request) ? 'https' : 'http';
  const host = request.get('host') ?? '';
  const url =
    (/^[^/?#@\\\s]+$/.test(host) ? URL.parse(`${scheme}://${host}`) : null) ?? new URL(`${scheme}://localhost`);
  url.port = String(config.ports[which]);
  return url.origin;
}

/** Whether the browser came by TLS, as far as the first proxy says. */
export function isSecure(request: Pick<Request, 'get'>): boolean {
  return request.get('x-forwarded-proto')?.split(',')[0]?.trim().toLowerCase() === 'https';
}
