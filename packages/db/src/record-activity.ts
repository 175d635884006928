/** Appends to the log of what happened. Only called inside a write transaction, so ids appear in their order. */
import type { Activity, Actor } from '@tidepool/core';
import { type Context, timestampNow } from './context.ts';
import type { JobRow } from './schema.ts';

interface Event {
  readonly type: Activity['type'];
  /** `system` where absent. */
  readonly actor?: Actor;
  /** null for what concerns the host. */
  readonly workspace: { readonly id: string; readonly name: string } | null;
  readonly message: string;
  readonly detail?: Activity['detail'];
}

export function recordActivity(context: Context, event: Event): void {
  context.statements.addActivity.run({
    at: timestampNow(context),
    type: event.type,
    actor: event.actor ?? 'system',
    workspaceId: event.workspace?.id ?? null,
    workspaceName: event.workspace?.name ?? null,
    message: event.message,
    detail: event.detail ?? {},
  });
}

/** A job as an activity's detail names it. */
export function jobDetail(job: Pick<JobRow, 'id' | 'kind' | 'status'>): Pick<JobRow, 'id' | 'kind' | 'status'> {
  return { id: job.id, kind: job.kind, status: job.status };
}
