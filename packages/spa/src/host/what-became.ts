/** What a failed job means now: whether it can be tried again, or what became of it since. */
import { isSideKind, type Job, type Status, type Workspace } from '@tidepool/core';

export type Outcome =
  /** Its workspace is in error, or without its repository, by this very job. */
  | { readonly kind: 'open'; readonly again: 'retry' | 'clone'; readonly workspace: Workspace }
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
  if (job.kind === 'source') return cloneBecame(job, workspace, failed);
  const last = failed.find(({ workspaceId, kind }) => workspaceId === job.workspaceId && !isSideKind(kind));
  const isOpen = workspace.status === 'error' && last?.id === job.id && workspace.error?.code === job.error?.code;
  if (isOpen) return { kind: 'open', again: 'retry', workspace };
  return { kind: 'past', words: statusNow[workspace.status], workspace };
}

/** It leaves its workspace as it is: only the repository is lacking. */
function cloneBecame(job: Job, workspace: Workspace, failed: readonly Job[]): Outcome {
  const last = failed.find(({ workspaceId, kind }) => workspaceId === job.workspaceId && kind === 'source');
  const past = (words: string) => ({ kind: 'past', words, workspace }) as const;
  if (workspace.source?.status === 'cloned') return past('Its repository is cloned now');
  if (workspace.status === 'deleting') return past(statusNow.deleting);
  if (last?.id !== job.id) return past('Tried again since');
  return { kind: 'open', again: 'clone', workspace };
}
