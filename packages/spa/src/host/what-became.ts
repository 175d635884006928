/** What a failed job means now: whether it can be retried, or what became of its workspace since. */
import { isSideKind, type Job, type Status, type Workspace } from '@tidepool/core';

export type Outcome =
  /** Its workspace is in error by this very job. */
  | { readonly kind: 'open'; readonly workspace: Workspace }
  /** Nothing to do here any more; why, in words. */
  | { readonly kind: 'past'; readonly words: string; readonly workspace: Workspace | null };

const statusNow = {
  creating: 'It is being created again',
  starting: 'It is starting again',
  running: 'It runs now',
  stopping: 'It is stopping now',
  stopped: 'It is stopped now',
  error: 'Something else failed since',
  deleting: 'It is being deleted',
} as const satisfies Record<Status, string>;

/** @param failed all failed jobs that are shown, newest first */
export function whatBecame(job: Job, workspace: Workspace | undefined, failed: readonly Job[]): Outcome {
  if (!workspace) return { kind: 'past', words: 'Deleted since', workspace: null };
  const last = failed.find(({ workspaceId, kind }) => workspaceId === job.workspaceId && !isSideKind(kind));
  const isOpen = workspace.status === 'error' && last?.id === job.id && workspace.error?.code === job.error?.code;
  return isOpen ? { kind: 'open', workspace } : { kind: 'past', words: statusNow[workspace.status], workspace };
}
