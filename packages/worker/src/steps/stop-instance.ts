/** The instance does not run; its disk stays. */
import { clearHalfClone } from './clone-source.ts';
import { operationOf, type Step } from './step.ts';

export const stopInstance: Step = {
  name: 'stopInstance',
  deadlineMs: 30_000,
  async run(context) {
    const { runtime, workspace, job, signal } = context;
    const instance = await runtime.inspect(workspace.id, signal);
    // A restart that is run again after a crash has stopped the old run already: this one is its own.
    if (instance?.startedBy === job.id) return;
    if (instance === null && workspace.startedAt !== null) context.found.stopReason = 'instance_gone';
    if (instance?.state === 'running') await clearHalfClone(context);
    context.check();
    await runtime.stop(workspace.id, operationOf(context));
  },
};
