/** Why a change is refused, in words that also tell whoever comes second what the first one has just done. */
import { isSideKind, TidepoolError, type Verb, whyNot } from '@tidepool/core';
import type { Context } from './context.ts';
import { and, desc, eq } from './drizzle.ts';
import { jobDetail } from './record-activity.ts';
import { type JobRow, jobs, type WorkspaceRow } from './schema.ts';
import { inSeconds, jobWords, past } from './wording.ts';

/** Milliseconds in which a change may have been missed by who asks for the next one. */
const recently = 60_000;

export function inTheWay({ world }: Context, job: JobRow): TidepoolError {
  const age = world.now().getTime() - Date.parse(job.createdAt);
  const asked = age < recently ? `, asked for ${inSeconds(Math.max(0, age))} ago,` : '';
  return new TidepoolError('job_in_the_way', {
    detail: `${jobWords[job.kind].claimed}${asked} is under way.`,
    extra: { job: jobDetail(job) },
  });
}

export function wrongStatus(context: Context, workspace: WorkspaceRow, verb: Verb): TidepoolError {
  const { id, status, errorAction } = workspace;
  const reason = whyNot(verb, { status, error: errorAction === null ? null : { action: errorAction } });
  const detail = [justDone(context, id), reason].filter((part) => part !== undefined).join(' ');
  return new TidepoolError('wrong_status', detail === '' ? {} : { detail });
}

/** `It was stopped 2 s ago.` */
function justDone({ orm, world }: Context, workspaceId: string): string | undefined {
  const last = orm
    .select({ kind: jobs.kind, finishedAt: jobs.finishedAt })
    .from(jobs)
    .where(and(eq(jobs.workspaceId, workspaceId), eq(jobs.status, 'succeeded')))
    .orderBy(desc(jobs.finishedAt))
    .limit(1)
    .get();
  if (!last || isSideKind(last.kind)) return undefined;
  const age = world.now().getTime() - Date.parse(last.finishedAt ?? '');
  return age < recently ? `It was ${past[last.kind]} ${inSeconds(Math.max(0, age))} ago.` : undefined;
}
