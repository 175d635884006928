/** What a workspace's state is called, and why it is so. */
import type { Action, Status, StopReason, Workspace } from '@tidepool/core';
import { formatDuration } from './durations.ts';

export const statusWords = {
  creating: 'Creating',
  starting: 'Starting',
  running: 'Running',
  stopping: 'Stopping',
  stopped: 'Stopped',
  error: 'Error',
  deleting: 'Deleting',
} as const satisfies Record<Status, string>;

export interface StatusLine {
  readonly word: string;
  /** Follows the word in the same sentence; empty where there is no more to say. */
  readonly why: string;
}

const stopReasonWords = {
  requested: 'on request, its files stay',
  shutdown: 'when Tidepool ended',
  host_restarted: 'when the host was restarted',
  instance_stopped: 'by itself: its machine ended',
  instance_gone: 'its machine is gone, and its files with it',
} as const satisfies Record<StopReason, string>;

const failedWords = {
  create: 'Could not be created:',
  start: 'Could not start:',
  stop: 'Could not stop:',
  restart: 'Could not restart:',
  delete: 'Could not be deleted:',
} as const satisfies Record<Action, string>;

/** @param now milliseconds of the server's clock */
export function statusLine(workspace: Workspace, now: number): StatusLine {
  const { status, error } = workspace;
  if (status === 'error' && error) return { word: failedWords[error.action], why: lowerFirst(error.message) };
  return { word: statusWords[status], why: whyOf(workspace, now) };
}

function whyOf({ status, stopReason, startedAt, source }: Workspace, now: number): string {
  if (status === 'running' && startedAt) {
    const withoutSource = source?.status === 'failed' ? '; its repository could not be cloned' : '';
    return `${forHowLong(now - Date.parse(startedAt))}${withoutSource}`;
  }
  if (status === 'creating' && source) return 'from a Git repository';
  if (status === 'stopped' && stopReason) return stopReasonWords[stopReason];
  if (status === 'stopping') return 'its files stay';
  if (status === 'deleting') return 'cannot be undone';
  return '';
}

/** Seconds would count what nobody asked for. */
function forHowLong(ms: number): string {
  return ms < 60_000 ? 'for less than a minute' : `for ${formatDuration(ms)}`;
}

/** A sentence of its own becomes the end of another; names in capitals stay. */
function lowerFirst(sentence: string): string {
  return /^[A-Z][a-z]/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;
}
