/** The workspace's log directory is gone. */
import { existsSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Step } from './step.ts';

export const removeLogs: Step = {
  name: 'removeLogs',
  deadlineMs: 15_000,
  async run({ store, job, workspace, fence, paths }) {
    const logs = `${paths.logs}/${workspace.name}`;
    // No workspace is called so: names begin with a letter.
    const doomed = `${paths.logs}/.removed-${job.id}`;
    await rm(doomed, { recursive: true, force: true });
    // Set aside under the fence: the name may be another workspace's by the time a suspended worker goes on.
    store.guarded(job.id, fence, () => {
      if (existsSync(logs)) renameSync(logs, doomed);
    });
    await rm(doomed, { recursive: true, force: true });
  },
};
