/** Changing a workspace's size: noted now, given at the next accepted start. */
import { ensureWithinBudget } from './capacity.ts';
import type { Context } from './context.ts';
import { answerOnce } from './idempotency.ts';
import { recordActivity } from './record-activity.ts';
import type { Requests } from './store.ts';
import { changeWorkspace, getWorkspace, showWorkspace } from './workspace-rows.ts';

export function createResize(context: Context): Requests['resize'] {
  return (ref, size, request) => {
    const { workspace } = answerOnce(context, request, () => {
      const row = getWorkspace(context, ref);
      const cpus = size.cpus ?? row.cpus;
      const memoryMiB = size.memoryMiB ?? row.memoryMiB;
      ensureWithinBudget(context, memoryMiB);
      if (cpus === row.cpus && memoryMiB === row.memoryMiB)
        return { workspace: showWorkspace(context, row), job: null };
      const changed = changeWorkspace(context, row.id, { cpus, memoryMiB });
      recordActivity(context, {
        type: 'workspace.changed',
        actor: request.actor,
        workspace: row,
        message: `Size changed to ${cpus} cores and ${memoryMiB} MiB; it applies at the next start`,
        detail: { status: row.status },
      });
      return { workspace: showWorkspace(context, changed), job: null };
    });
    return workspace;
  };
}
