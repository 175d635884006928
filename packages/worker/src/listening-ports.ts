/**
 * On which registered ports of running workspaces something listens. Where the runtime does not tell, by a connection the
 * way Caddy makes one; it is ended before anything is said.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Route, Routes } from '@tidepool/caddy';
import type { RouteTarget } from '@tidepool/core';
import type { Store } from '@tidepool/db';
import type { InstanceUsage } from '@tidepool/runtime';
import type { Logger } from 'pino';

/** Milliseconds for one connection: it leads to this host, or to one in its LAN. */
const answerMs = 500;
/** With five ports in each of a hundred workspaces that let us wait, a look takes 4 s. */
const atOnce = 64;

/** By workspace; none where nobody could look. */
export type LookAtPorts = (
  instances: readonly Pick<InstanceUsage, 'id' | 'listening'>[],
  signal: AbortSignal,
) => Promise<ReadonlyMap<string, readonly number[]>>;

export interface ListeningPortsOptions {
  readonly store: Pick<Store, 'registeredPorts'>;
  readonly routes: Pick<Routes, 'list'>;
  readonly log: Pick<Logger, 'debug'>;
}

export function createLookAtPorts({ store, routes, log }: ListeningPortsOptions): LookAtPorts {
  return async (instances, signal) => {
    const registered = store.registeredPorts();
    const found = new Map<string, readonly number[]>();
    const toAsk = new Map<string, string>();
    for (const { id, listening } of instances) {
      const own = registered.get(id);
      if (own === undefined) continue;
      if (listening === null) toAsk.set(own.workspaceName, id);
      else
        found.set(
          id,
          own.ports.filter((port) => listening.includes(port)),
        );
    }
    if (toAsk.size === 0) return found;
    try {
      const routed = await routes.list(signal);
      const asked = routed.flatMap(({ workspace, routes }) => {
        const id = toAsk.get(workspace);
        return id === undefined ? [] : [{ id, routes }];
      });
      return new Map([...found, ...(await answering(asked, signal))]);
    } catch (error) {
      signal.throwIfAborted();
      // Whoever cares for Caddy says what is the matter with it; what is taken is worth noting all the same.
      log.debug({ err: error }, 'ports not looked at');
      return found;
    }
  };
}

/** The ports of each at which a connection is accepted. */
async function answering(
  asked: readonly { readonly id: string; readonly routes: readonly Route[] }[],
  signal: AbortSignal,
): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>(asked.map(({ id }) => [id, []]));
  const left = asked.flatMap(({ id, routes }) => routes.map((route) => ({ id, ...route }))).values();
  const askOneByOne = async () => {
    for (const { id, port, target } of left) {
      if (port !== 'ide' && target.kind === 'tcp' && (await accepts(target, signal))) found.get(id)?.push(port);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, askOneByOne));
  return found;
}

async function accepts({ host, port }: Extract<RouteTarget, { kind: 'tcp' }>, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]) });
    return true;
  } catch {
    // Refused, unreachable or silent: Caddy would meet the same.
    signal.throwIfAborted();
    return false;
  } finally {
    socket.destroy();
  }
}
