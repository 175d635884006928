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
    const exposed = await exposeRoutes(runtime, workspace.id, ports, operationOf(context));
    context.check();
    await routes.replace(
      workspace.name,
      exposed.routes,
      guardOf((change) => store.guarded(job.id, fence, change)),
      signal,
    );
    found.ide = exposed.ide;
    found.portsVersion = portsVersion;
  },
  // No undo: a failed change of ports must not take a running workspace's editor away. `ensureRunning` undoes both.
};
