/** What a sandbox must not reach of this host: every address it has and every network it is on, as `ip` reports them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { TidepoolError } from '@tidepool/core';
import { z } from 'zod';

export interface HostNetworks {
  /** Addresses and prefixes such as `192.0.2.0/24`, sorted. */
  readonly v4: readonly string[];
  readonly v6: readonly string[];
  /** Whether there is a way out: a default route. */
  readonly online: boolean;
}

const addresses = z.array(
  z.object({
    addr_info: z
      .array(
        z.object({
          family: z.string(),
          local: z.string().optional(),
          address: z.string().optional(),
          prefixlen: z.int(),
        }),
      )
      .default([]),
  }),
);
const routes = z.array(
  z.object({
    dst: z.string(),
    gateway: z.string().optional(),
    via: z.unknown().optional(),
    type: z.string().optional(),
  }),
);

/** @throws `runtime_unavailable` (passing) where `ip` fails */
export async function readHostNetworks(signal: AbortSignal): Promise<HostNetworks> {
  const [interfaces, routes4, routes6] = await Promise.all([
    ip(['address'], signal),
    ip(['-4', 'route', 'show', 'table', 'all'], signal),
    ip(['-6', 'route', 'show', 'table', 'all'], signal),
  ]);
  return hostNetworks(addresses.parse(interfaces), routes.parse(routes4), routes.parse(routes6));
}

export function hostNetworks(
  interfaces: z.infer<typeof addresses>,
  routes4: z.infer<typeof routes>,
  routes6: z.infer<typeof routes>,
): HostNetworks {
  const infos = interfaces.flatMap((entry) => entry.addr_info);
  const ofFamily = (family: string) =>
    infos
      .filter((info) => info.family === family)
      // A point-to-point link has the other end as `address`, which has the prefix.
      .flatMap(({ local, address, prefixlen }) => [local, `${address ?? local}/${prefixlen}`])
      .filter((one) => one !== undefined);
  return {
    online: [...routes4, ...routes6].some(isWayOut),
    v4: sorted([...ofFamily('inet'), ...routes4.filter((route) => isOnLink(route, 8)).map(({ dst }) => dst)]),
    v6: sorted([...ofFamily('inet6'), ...routes6.filter((route) => isOnLink(route, 16)).map(({ dst }) => dst)]),
  };
}

/**
 * A network reached without a gateway. One that is wider than any real link (`0.0.0.0/1` of a VPN) is a default route by
 * another name: the internet, which stays open.
 */
function isOnLink({ dst, gateway, via, type = 'unicast' }: z.infer<typeof routes>[number], narrowest: number): boolean {
  if (dst === 'default' || gateway !== undefined || via !== undefined || type !== 'unicast') return false;
  const prefix = dst.split('/')[1];
  return prefix === undefined || Number(prefix) >= narrowest;
}

/** `unreachable default` is a route too, and none. */
function isWayOut({ dst, type = 'unicast' }: z.infer<typeof routes>[number]): boolean {
  return dst === 'default' && type === 'unicast';
}

function sorted(entries: readonly string[]): string[] {
  return [...new Set(entries)].sort();
}

async function ip(command: readonly string[], signal: AbortSignal): Promise<unknown> {
  try {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
    const { stdout } = await promisify(execFile)('ip', ['-json', ...command], {
      signal: deadline,
      maxBuffer: 64 * 2 ** 20,
    });
    return JSON.parse(stdout || '[]');
  } catch (cause) {
    signal.throwIfAborted();
    const detail = `"ip ${command.join(' ')}" failed, so the wall around workspaces cannot be drawn.`;
    throw new TidepoolError('runtime_unavailable', { detail, cause, passing: true });
  }
}
