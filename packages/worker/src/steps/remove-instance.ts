/** The instance and its disk are gone, for good: what a delete was asked for. */
import { operationOf, type Step } from './step.ts';

export const removeInstance: Step = {
  name: 'removeInstance',
  deadlineMs: 120_000,
  run: (context) => context.runtime.remove(context.workspace.id, operationOf(context)),
};
