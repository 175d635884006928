/** Requests that come twice: an `Idempotency-Key` is kept for 24 h with what it asked for and what it got. */
import { type Job, TidepoolError, type Workspace } from '@tidepool/core';
import { type Context, timestampNow } from './context.ts';
import { and, eq, gt } from './drizzle.ts';
import { findJob, toJob } from './job-rows.ts';
import { idempotencyKeys } from './schema.ts';
import type { RequestContext } from './store.ts';
import { findWorkspace, showWorkspace } from './workspace-rows.ts';

const keptMs = 24 * 60 * 60 * 1000;

interface Answer {
  readonly workspace: Workspace;
  readonly job: Job | null;
}

/**
 * The answer to a request: of the first one with this key, brought up to date, or else what `accept` gives, noted with
 * the key. One write transaction. A refusal is not noted: the same request may be accepted later.
 * @throws TidepoolError `idempotency_key_reused`, and what `accept` throws
 */
export function answerOnce(context: Context, request: RequestContext, accept: () => Answer): Answer {
  const { idempotency } = request;
  return context.write(() => {
    if (!idempotency) return accept();
    const earlier = find(context, idempotency.key);
    if (!earlier) {
      const answer = accept();
      note(context, idempotency, answer);
      return answer;
    }
    if (earlier.bodyHash !== idempotency.bodyHash) throw new TidepoolError('idempotency_key_reused');
    return replay(context, earlier);
  });
}

/** The same for requests that always make a job. */
export function acceptOnce(
  context: Context,
  request: RequestContext,
  accept: () => { workspace: Workspace; job: Job },
): { workspace: Workspace; job: Job } {
  const { workspace, job } = answerOnce(context, request, accept);
  // Jobs are never removed, and the hash tells requests that make one from those that do not.
  if (!job) throw new TidepoolError('idempotency_key_reused');
  return { workspace, job };
}

/** The oldest time of a key that still counts. */
export function keptSince({ world }: Pick<Context, 'world'>): string {
  return new Date(world.now().getTime() - keptMs).toISOString();
}

type KeyRow = typeof idempotencyKeys.$inferSelect;

function find(context: Context, key: string): KeyRow | undefined {
  return context.orm
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.key, key), gt(idempotencyKeys.createdAt, keptSince(context))))
    .get();
}

function note(context: Context, { key, bodyHash }: { key: string; bodyHash: string }, answer: Answer): void {
  const row = {
    key,
    bodyHash,
    workspaceId: answer.workspace.id,
    jobId: answer.job?.id ?? null,
    workspace: answer.workspace,
    createdAt: timestampNow(context),
  };
  // An expired one may still be there.
  context.orm.insert(idempotencyKeys).values(row).onConflictDoUpdate({ target: idempotencyKeys.key, set: row }).run();
}

/** The present workspace and that job; of a workspace that is gone, what was answered then. */
function replay(context: Context, earlier: KeyRow): Answer {
  const row = findWorkspace(context, earlier.workspaceId);
  const job = earlier.jobId === null ? undefined : findJob(context, earlier.jobId);
  return { workspace: row ? showWorkspace(context, row) : earlier.workspace, job: job ? toJob(job) : null };
}
