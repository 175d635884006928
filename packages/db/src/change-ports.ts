/**
 * Registering and removing ports. Each counts `portsVersion` up. Only where the workspace runs and no job holds its
 * lock does a `routes` job follow; else the job at work, or the next start, takes the change along.
 */
import { type Job, maxPorts, TidepoolError } from '@tidepool/core';
import { type Context, timestampNow } from './context.ts';
import { and, eq } from './drizzle.ts';
import { answerOnce } from './idempotency.ts';
import { addJob, toJob } from './job-rows.ts';
import { jobDetail, recordActivity } from './record-activity.ts';
import { ports, type WorkspaceRow } from './schema.ts';
import type { RequestContext, Requests } from './store.ts';
import { jobWords } from './wording.ts';
import { changeWorkspace, getWorkspace, portsOf, showWorkspace } from './workspace-rows.ts';

export function createPortRequests(context: Context): Pick<Requests, 'addPort' | 'removePort'> {
  return {
    addPort: (ref, added, request) =>
      answerOnce(context, request, () => {
        const workspace = getChangeable(context, ref);
        ensureRoomFor(added.port, portsOf(context, workspace.id));
        context.orm
          .insert(ports)
          .values({ ...added, workspaceId: workspace.id, createdAt: timestampNow(context) })
          .run();
        return changed(context, workspace, request, { type: 'port.added', port: added.port, word: 'registered' });
      }),
    removePort: (ref, port, request) =>
      answerOnce(context, request, () => {
        const workspace = getChangeable(context, ref);
        const { changes } = context.orm
          .delete(ports)
          .where(and(eq(ports.workspaceId, workspace.id), eq(ports.port, port)))
          .run();
        if (changes === 0) {
          throw new TidepoolError('port_not_found', {
            detail: `Port ${port} of "${workspace.name}" is not registered.`,
          });
        }
        return changed(context, workspace, request, { type: 'port.removed', port, word: 'removed' });
      }),
  };
}

function getChangeable(context: Context, ref: string): WorkspaceRow {
  const workspace = getWorkspace(context, ref);
  if (workspace.status === 'deleting') throw new TidepoolError('wrong_status', { detail: 'It is being deleted.' });
  return workspace;
}

function ensureRoomFor(port: number, registered: readonly { readonly port: number }[]): void {
  if (registered.some((other) => other.port === port)) {
    throw new TidepoolError('port_taken', {
      detail: `Port ${port} is registered already.`,
      fields: [{ field: 'body.port', message: 'This port is registered already.' }],
    });
  }
  if (registered.length >= maxPorts) {
    throw new TidepoolError('too_many_ports', {
      detail: `The ports ${registered.map((other) => other.port).join(', ')} are registered; ${maxPorts} is the most.`,
      fields: [{ field: 'body.port', message: `A workspace has at most ${maxPorts} ports.` }],
    });
  }
}

function changed(
  context: Context,
  workspace: WorkspaceRow,
  { actor }: RequestContext,
  { type, port, word }: { type: 'port.added' | 'port.removed'; port: number; word: string },
): { workspace: ReturnType<typeof showWorkspace>; job: Job | null } {
  const { status, lockJobId, portsVersion } = workspace;
  const job = status === 'running' && lockJobId === null ? addJob(context, workspace, 'routes') : null;
  const row = changeWorkspace(context, workspace.id, {
    portsVersion: portsVersion + 1,
    ...(job ? { lockJobId: job.id } : {}),
  });
  recordActivity(context, { type, actor, workspace, message: `Port ${port} ${word}`, detail: { port, status } });
  if (job) {
    recordActivity(context, {
      type: 'job.accepted',
      actor,
      workspace,
      message: jobWords.routes.requested,
      detail: { job: jobDetail(job), status },
    });
  }
  return { workspace: showWorkspace(context, row), job: job && toJob(job) };
}
