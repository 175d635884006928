/** The instance runs; one that runs already stays as it is. */

import { removeRoutes } from './remove-routes.ts';
import { operationOf, type Step, specOf, startOf } from './step.ts';

export const ensureRunning: Step = {
  name: 'ensureRunning',
  deadlineMs: 60_000,
  run: (context) => context.runtime.start(specOf(context), startOf(context)),

  /** Routes first: an address is free only after its routes are gone. Stops nothing that ran before this job. */
  async undo(context) {
    await removeRoutes.run(context);
    const instance = await context.runtime.inspect(context.workspace.id, context.signal);
    if (instance?.startedBy !== context.job.id) return;
    context.check();
    await context.runtime.stop(context.workspace.id, operationOf(context));
  },
};
