/** How an address stands in a file's name: `10.4.0.7:8080`, `[fd00::7]:8080`, `unix:k3f9a2:8080`. */
import { type RouteTarget, routeTarget } from '@tidepool/core';

/** For Go and JavaScript alike, without anchors. Two groups: the host or the instance, and the port. */
export const addressPatterns = {
  unix: 'unix:([a-z0-9]{1,32}):([0-9]{1,5})',
  tcp: '([0-9.]{7,15}|\\[[0-9a-f:.]+\\]):([0-9]{1,5})',
} as const;

export function encodeTarget(target: RouteTarget): string {
  if (target.kind === 'unix') return `unix:${target.instance}:${target.port}`;
  return `${target.host.includes(':') ? `[${target.host.toLowerCase()}]` : target.host}:${target.port}`;
}

/** @returns null where the name is no address */
export function decodeTarget(fileName: string): RouteTarget | null {
  const [, instance, socket] = matchWhole(addressPatterns.unix, fileName);
  if (instance !== undefined) return parse({ kind: 'unix', instance, port: Number(socket) });
  const [, host, port] = matchWhole(addressPatterns.tcp, fileName);
  if (host === undefined) return null;
  return parse({ kind: 'tcp', host: host.replaceAll(/[[\]]/g, ''), port: Number(port) });
}

function matchWhole(pattern: string, text: string): readonly (string | undefined)[] {
  return new RegExp(`^${pattern}$`).exec(text) ?? [];
}

function parse(target: unknown): RouteTarget | null {
  const parsed = routeTarget.safeParse(target);
  return parsed.success ? parsed.data : null;
}
