/** The `Routes` port in memory, for tests of what writes routes. Passes the contract. */
import type { Route, Routes } from './routes.ts';

export interface FakeRoutes extends Routes {
  /** The route that a request to this path would take. */
  find(workspace: string, port: Route['port']): Route | null;
}

export function createFakeRoutes(): FakeRoutes {
  const table = new Map<string, readonly Route[]>();
  return {
    async list(signal) {
      signal?.throwIfAborted();
      return [...table]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([workspace, routes]) => ({ workspace, routes: [...routes].sort((a, b) => order(a) - order(b)) }));
    },

    async replace(workspace, routes, guard, signal) {
      signal?.throwIfAborted();
      guard.commit(() => {
        if (routes.length === 0) table.delete(workspace);
        else table.set(workspace, structuredClone(routes));
      });
    },

    find: (workspace, port) => table.get(workspace)?.find((route) => route.port === port) ?? null,
  };
}

function order({ port }: Route): number {
  return port === 'ide' ? 0 : port;
}
