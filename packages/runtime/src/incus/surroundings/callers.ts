/** From which addresses this machine reaches guests: Caddy runs here. */
import { once } from 'node:events';
import { connect, isIPv4 } from 'node:net';
import type { IncusPlace } from '@tidepool/core';
import { unreachable } from '../client/incus-error.ts';

/** Milliseconds. */
const patience = 10_000;

/**
 * On the daemon's own machine that is the bridge's address. Elsewhere it is also the one from which the daemon is reached:
 * nothing translates addresses between the two, or routes would lead nowhere either.
 */
export async function callersOf(place: IncusPlace, gateway: string, signal: AbortSignal): Promise<readonly string[]> {
  if (place.kind === 'unix') return [gateway];
  const own = await addressTowards(place, signal);
  return isIPv4(own) && !own.startsWith('127.') ? [gateway, own] : [gateway];
}

async function addressTowards(place: Extract<IncusPlace, { kind: 'https' }>, signal: AbortSignal): Promise<string> {
  const { hostname, port } = new URL(place.url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]) });
    return socket.localAddress ?? '';
  } catch (cause) {
    signal.throwIfAborted();
    throw unreachable(place, cause);
  } finally {
    socket.destroy();
  }
}
