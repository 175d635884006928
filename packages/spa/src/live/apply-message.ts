/** What an event changes: the workspace and job it carries, the activity it is, and the host's figures. */
import { type ActivityEvent, activityEvent } from '@tidepool/core';
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
    if (message.kind !== 'activity') return;
    const event = readEvent(message.data);
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

function readEvent(data: string): ActivityEvent | undefined {
  try {
    return activityEvent.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
