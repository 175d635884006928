/** No public path leads to the workspace. */
import type { Step } from './step.ts';

export const removeRoutes: Step = {
  name: 'removeRoutes',
  deadlineMs: 15_000,
  run: ({ store, routes, job, workspace, fence }) =>
    routes.replace(workspace.name, [], (commit) => store.guarded(job.id, fence, commit)),
};
