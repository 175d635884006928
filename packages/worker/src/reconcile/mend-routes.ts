/** Routes that are missing, wrong or too many. Each change happens under the workspace's version. */
import { guardOf, type Route, type WorkspaceRoutes } from '@tidepool/caddy';
import { formatTarget, type Workspace } from '@tidepool/core';
import type { Instance } from '@tidepool/runtime';
import { exposeRoutes } from '../expose-routes.ts';
import type { ReconcileParts } from './reconcile.ts';

/** The routes of a running workspace are exactly those of its ports. Relays that died are made again on the way. */
export async function mendRoutes(
  { store, runtime, routes, log }: ReconcileParts,
  workspace: Workspace,
  instance: Instance,
  present: WorkspaceRoutes | null,
  signal: AbortSignal,
): Promise<void> {
  const { id, name, version } = workspace;
  // The fence that the instance has: a job that begins meanwhile has a higher one, and this is refused.
  const exposed = await exposeRoutes(runtime, id, workspace.ports, { fence: instance.fence, signal });
  if (fingerprint(exposed.routes) === fingerprint(present?.routes ?? [])) return;
  await routes.replace(
    name,
    exposed.routes,
    guardOf((change) => store.guardedByVersion(name, { id, version }, change)),
    signal,
  );
  log.warn({ workspaceId: id, routes: exposed.routes.length, before: present?.routes.length ?? 0 }, 'routes mended');
}

/** Of a workspace that does not run. */
export async function removeStrayRoutes(
  { store, routes, log }: ReconcileParts,
  { id, name, version, status }: Workspace,
  signal: AbortSignal,
): Promise<void> {
  await routes.replace(
    name,
    [],
    guardOf((change) => store.guardedByVersion(name, { id, version }, change)),
    signal,
  );
  log.warn({ workspaceId: id, status }, 'stray routes removed');
}

/** Of a name that no workspace has. */
export async function removeUnownedRoutes(
  { store, routes, log }: ReconcileParts,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  await routes.replace(
    name,
    [],
    guardOf((change) => store.guardedByVersion(name, null, change)),
    signal,
  );
  log.warn({ workspaceName: name }, 'routes of an unknown workspace removed');
}

function fingerprint(routes: readonly Route[]): string {
  return routes
    .map(({ port, target, stripPrefix }) => `${port} ${formatTarget(target)} ${stripPrefix}`)
    .sort()
    .join('\n');
}
