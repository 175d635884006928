/** The instance is there with its disk, and has the workspace's size from its next start on. */
import { operationOf, type Step, specOf } from './step.ts';

export const ensureInstance: Step = {
  name: 'ensureInstance',
  // The first instance of an image may have to unpack it.
  deadlineMs: 120_000,
  run: (context) => context.runtime.create(specOf(context), operationOf(context)),
  // No undo: what it made holds, or will hold, the user's files.
};
