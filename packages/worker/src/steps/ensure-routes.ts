/** Caddy leads to the editor and to every registered port, and to nothing else. */
import { guardOf } from '@tidepool/caddy';
import { exposeRoutes } from '../expose-routes.ts';
import { operationOf, type Step } from './step.ts';

export const ensureRoutes: Step = {
  name: 'ensureRoutes',
  deadlineMs: 30_000,
  async run(context) {
    const { store, runtime, routes, job, workspace, fence, found, signal } = context;
    const { ports, portsVersion } = store.portsOf(job.id, fence);
    // What `ensureAddress` made reachable stays so: only ports that changed since are asked for again.
    if (found.exposed?.portsVersion !== portsVersion) {
      found.exposed = { portsVersion, ...(await exposeRoutes(runtime, workspace.id, ports, operationOf(context))) };
      context.check();
    }
    await routes.replace(
      workspace.name,
      found.exposed.routes,
      guardOf((change) => store.guarded(job.id, fence, change)),
      signal,
    );
    found.portsVersion = portsVersion;
  },
  // No undo: a failed change of ports must not take a running workspace's editor away. `ensureRunning` undoes both.
};
