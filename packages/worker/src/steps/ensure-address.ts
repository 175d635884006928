/** The editor and the registered ports have addresses on the host, whether or not anything listens yet. */
import { exposeRoutes } from '../expose-routes.ts';
import { operationOf, type Step } from './step.ts';

export const ensureAddress: Step = {
  name: 'ensureAddress',
  deadlineMs: 30_000,
  async run(context) {
    const { runtime, store, job, workspace, fence, found } = context;
    const { ports, portsVersion } = store.portsOf(job.id, fence);
    found.exposed = { portsVersion, ...(await exposeRoutes(runtime, workspace.id, ports, operationOf(context))) };
  },
};
