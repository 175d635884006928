/** Changing a workspace's size: noted now, given at the next accepted start. */
import { TidepoolError } from '@tidepool/core';
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
      const diskGiB = size.diskGiB ?? row.diskGiB;
      ensureWithinBudget(context, memoryMiB);
      if (diskGiB < row.diskGiB) throw shrinking(diskGiB, row.diskGiB);
      if (cpus === row.cpus && memoryMiB === row.memoryMiB && diskGiB === row.diskGiB)
        return { workspace: showWorkspace(context, row), job: null };
      const changed = changeWorkspace(context, row.id, { cpus, memoryMiB, diskGiB });
      recordActivity(context, {
        type: 'workspace.changed',
        actor: request.actor,
        workspace: row,
        message: `Size set for the next start: ${cpus} ${cpus === 1 ? 'core' : 'cores'}, ${Math.round((memoryMiB / 1024) * 100) / 100} GiB of memory, ${diskGiB} GiB of disk`,
        detail: { status: row.status },
      });
      return { workspace: showWorkspace(context, changed), job: null };
    });
    return workspace;
  };
}

function shrinking(wanted: number, present: number): TidepoolError {
  return new TidepoolError('disk_shrink', {
    detail: `The disk has ${present} GiB already, and ${wanted} GiB were asked for.`,
    fields: [{ field: 'body.diskGiB', message: `At least ${present}, which it has.` }],
  });
}
