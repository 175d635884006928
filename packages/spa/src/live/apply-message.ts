/** What an event changes: the workspace and job it carries, the activity it is, the host's figures, what is taken now. */
import { type ActivityEvent, activityEvent, usageEvent } from '@tidepool/core';
import type { Known } from './known.ts';
import type { StreamMessage } from './stream-message.ts';

export interface ApplyParts {
  readonly known: Known;
  readonly onConnection: (connection: Extract<StreamMessage, { kind: 'connection' }>['connection']) => void;
  /** Everything has to be read again. */
  readonly onReset: () => void;
  readonly onActivity: (event: ActivityEvent) => void;
}

export function createApplyMessage({ known, onConnection, onReset, onActivity }: ApplyParts) {
  return (message: StreamMessage): void => {
    if (message.kind === 'connection') onConnection(message.connection);
    if (message.kind === 'reset') onReset();
    if (message.kind === 'usage') applyUsage(known, message.data);
    if (message.kind !== 'activity') return;
    const event = activityEvent.safeParse(jsonOf(message.data)).data;
    // An event of a version that this page does not know: what it says can still be read the long way.
    if (!event) onReset();
    else {
      applyEvent(known, event);
      onActivity(event);
    }
  };
}

function applyEvent(known: Known, { activity, workspace, job }: ActivityEvent): void {
  if (workspace) known.put(workspace);
  // Events carry the workspace as it is when they are sent: none means deleted, also for what happened before.
  else if (activity.workspaceId !== null) known.remove(activity.workspaceId);
  if (job) known.putJob(job);
}

/** One that this page does not know is left out: nothing else hangs on it. */
function applyUsage(known: Known, data: string): void {
  known.measure(usageEvent.safeParse(jsonOf(data)).data?.workspaces ?? []);
}

/** undefined where it is no JSON. */
function jsonOf(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
