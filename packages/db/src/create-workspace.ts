/** Accepting a new workspace: its row, its lock, its job and its activity at once. */
import { type Actor, type Job, TidepoolError, type Workspace } from '@tidepool/core';
import { v7 as uuid } from 'uuid';
import { ensureDiskHasRoom, ensureFits } from './capacity.ts';
import { type Context, timestampNow } from './context.ts';
import { acceptOnce } from './idempotency.ts';
import { addJob, toJob } from './job-rows.ts';
import { jobDetail, recordActivity } from './record-activity.ts';
import { workspaces } from './schema.ts';
import type { Requests } from './store.ts';
import { jobWords } from './wording.ts';
import { findWorkspace, showWorkspace } from './workspace-rows.ts';

export function createCreate(context: Context): Requests['create'] {
  return (input, request) => acceptOnce(context, request, () => accept(context, input, request.actor));
}

function accept(
  context: Context,
  input: Parameters<Requests['create']>[0],
  actor: Actor,
): { workspace: Workspace; job: Job } {
  if (findWorkspace(context, input.name)) {
    throw new TidepoolError('name_taken', {
      detail: `There is a workspace "${input.name}" already.`,
      fields: [{ field: 'body.name', message: 'This name is in use. Choose another.' }],
    });
  }
  ensureFits(context, input.memoryMiB);
  ensureDiskHasRoom(context);
  const at = timestampNow(context);
  const workspace = { id: uuid(), name: input.name, sourceStatus: input.source ? ('waiting' as const) : null };
  const job = addJob(context, workspace, 'create');
  const row = context.orm
    .insert(workspaces)
    .values({
      ...workspace,
      status: 'creating',
      image: input.image,
      cpus: input.cpus,
      memoryMiB: input.memoryMiB,
      diskGiB: input.diskGiB,
      allottedCpus: input.cpus,
      allottedMiB: input.memoryMiB,
      allottedDiskGiB: input.diskGiB,
      sourceGit: input.source?.git ?? null,
      sourceRef: input.source?.ref ?? null,
      lockJobId: job.id,
      createdAt: at,
      updatedAt: at,
      statusSince: at,
    })
    .returning()
    .get();
  recordActivity(context, {
    type: 'workspace.requested',
    actor,
    workspace,
    message: jobWords.create.requested,
    detail: { job: jobDetail(job), status: 'creating' },
  });
  return { workspace: showWorkspace(context, row), job: toJob(job) };
}
