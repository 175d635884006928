/** No public path leads to the workspace. */
import { guardOf } from '@tidepool/caddy';
import type { Step } from './step.ts';

export const removeRoutes: Step = {
  name: 'removeRoutes',
  deadlineMs: 15_000,
  run: ({ store, routes, job, workspace, fence, signal }) =>
    routes.replace(
      workspace.name,
      [],
      guardOf((change) => store.guarded(job.id, fence, change)),
      signal,
    ),
};
