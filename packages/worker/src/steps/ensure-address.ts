/** The editor and the registered ports have addresses on the host, whether or not anything listens yet. */
import { exposeRoutes } from '../expose-routes.ts';
import { operationOf, type Step } from './step.ts';

export const ensureAddress: Step = {
  name: 'ensureAddress',
  deadlineMs: 30_000,
  async run(context) {
    const { runtime, store, job, workspace, fence, found } = context;
    const { ports } = store.portsOf(job.id, fence);
    const { ide } = await exposeRoutes(runtime, workspace.id, ports, operationOf(context));
    found.ide = ide;
  },
};
