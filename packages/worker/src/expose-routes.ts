/** From a workspace's registered ports to its routes: the editor's and one for each port. */
import type { Route } from '@tidepool/caddy';
import { idePort, type Port, type RouteTarget, TidepoolError } from '@tidepool/core';
import type { Operation, Runtime } from '@tidepool/runtime';

export interface Exposed {
  /** Where the editor answers. */
  readonly ide: RouteTarget;
  readonly routes: readonly Route[];
}

/** Makes exactly these ports of the running instance reachable. @throws what `Runtime.expose` throws */
export async function exposeRoutes(
  runtime: Runtime,
  workspaceId: string,
  ports: readonly Port[],
  operation: Operation,
): Promise<Exposed> {
  const numbers = [idePort, ...ports.map(({ port }) => port)];
  const [ide, ...others] = await runtime.expose(workspaceId, numbers, operation);
  if (ide === undefined || others.length !== ports.length) {
    throw new TidepoolError('internal', { detail: `The runtime gave no address for each of ${numbers.length} ports.` });
  }
  const routes: Route[] = [{ port: 'ide', target: ide, stripPrefix: true }];
  for (const [index, { port, stripPrefix }] of ports.entries()) {
    const target = others[index];
    if (target) routes.push({ port, target, stripPrefix });
  }
  return { ide, routes };
}
