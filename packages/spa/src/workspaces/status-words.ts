/** What a workspace's state is called, since when it is so, and why. */
import type { Action, Status, StopReason, Workspace } from '@tidepool/core';
import { formatAgo, formatDuration } from './durations.ts';
import { lacksSource } from './source.ts';

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
  /** Follows the word; null where it is not worth a word, or `why` counts it. */
  readonly since: string | null;
  /** Between what stands before and why. */
  readonly joint: '' | ' ' | ', ' | ': ';
  /** Ends the sentence; empty where there is no more to say. */
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
  create: 'Could not be created',
  start: 'Could not start',
  stop: 'Could not stop',
  restart: 'Could not restart',
  delete: 'Could not be deleted',
} as const satisfies Record<Action, string>;

/** @param now milliseconds of the server's clock */
export function statusLine(workspace: Workspace, now: number): StatusLine {
  const { status, error, statusSince } = workspace;
  if (status === 'error' && error) {
    return { word: failedWords[error.action], since: statusSince, joint: ': ', why: lowerFirst(error.message) };
  }
  const why = whyOf(workspace, now);
  return { word: statusWords[status], since: status === 'stopped' ? statusSince : null, joint: jointOf(why), why };
}

/** «2 h ago», in the middle of a sentence. */
export function sinceWords(since: string, now: number): string {
  const at = Date.parse(since);
  return now - at < 45_000 ? 'just now' : formatAgo(at, now);
}

function jointOf(why: string): StatusLine['joint'] {
  if (why === '') return '';
  return /^(for|on|by|when|from|without) /.test(why) ? ' ' : ', ';
}

function whyOf(workspace: Workspace, now: number): string {
  const { status, stopReason, startedAt, source } = workspace;
  if (status === 'running' && startedAt) {
    const withoutSource = lacksSource(workspace) ? 'without its repository, ' : '';
    return `${withoutSource}${forHowLong(now - Date.parse(startedAt))}`;
  }
  if (status === 'creating' && source) return 'from a Git repository';
  if (status === 'stopped' && stopReason) return stopReasonWords[stopReason];
  if (status === 'stopping') return 'its files stay';
  if (status === 'deleting') return 'cannot be undone';
  return '';
}

/** Seconds would count what nobody asked for. At first it is short, too: a narrow row keeps its height when it changes. */
function forHowLong(ms: number): string {
  return ms < 60_000 ? 'just started' : `for ${formatDuration(ms)}`;
}

/** A sentence of its own becomes the end of another; names in capitals stay. */
function lowerFirst(sentence: string): string {
  return /^[A-Z][a-z]/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;
}
