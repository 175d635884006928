/** Whether a workspace is without the repository that it was to begin with. */
import type { Workspace } from '@tidepool/core';

/** One that waits for it with nobody at work was left so by a crash: nobody clones it unless asked. */
export function lacksSource({ status, source, jobId }: Pick<Workspace, 'status' | 'source' | 'jobId'>): boolean {
  return source?.status === 'failed' || (source?.status === 'waiting' && status === 'running' && jobId === null);
}

/** What asking for it is called: once more, or for the first time. */
export function cloneWords({ source }: Pick<Workspace, 'source'>): 'Try again' | 'Clone now' {
  return source?.status === 'waiting' ? 'Clone now' : 'Try again';
}
