/** The instance is there with its disk, and has the workspace's size from its next start on. */
import { TidepoolError } from '@tidepool/core';
import { type Step, specOf, startOf } from './step.ts';

export const ensureInstance: Step = {
  name: 'ensureInstance',
  // The first instance of an image may have to unpack it.
  deadlineMs: 120_000,
  async run(context) {
    const { runtime, workspace, signal } = context;
    // One that has run holds its user's files: an empty disk in their place would hide that they are lost.
    const hadFiles = workspace.startedAt !== null;
    if (hadFiles && (await runtime.inspect(workspace.id, signal)) === null) throw new TidepoolError('instance_gone');
    context.check();
    await runtime.create(specOf(context), startOf(context));
  },
  // No undo: what it made holds, or will hold, the user's files.
};
