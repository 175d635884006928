/** A workspace's log in view. A hidden tab gives its connection back; when it is seen again, the log goes on. */
import type { LogLine } from '@tidepool/core';
import { useEffect, useReducer, useState } from 'react';
import { useConnection } from '../../live/hooks.ts';
import { followLog } from './follow-log.ts';
import { addLines, type NumberedLine, resumeLines } from './log-lines.ts';
import { readLog } from './log-stream.ts';

export interface Log {
  readonly lines: readonly NumberedLine[];
  readonly state: 'opening' | 'live' | 'cut';
  /** Why it was cut, where that is known. */
  readonly problem: string | null;
  /** False until its end was read once. */
  readonly isRead: boolean;
}

/** What is shown at first; all of it is in the download. */
const atFirst = 1_000;
const nothing: Log = { lines: [], state: 'opening', problem: null, isRead: false };

type Change =
  | { readonly kind: 'begin' | 'more'; readonly lines: readonly LogLine[] }
  | { readonly kind: 'cut'; readonly problem: string | null };

/** Where another workspace is shown, the view has to be another one too. */
export function useLog(workspaceId: string): Log {
  const [log, change] = useReducer(applyChange, nothing);
  const isVisible = useVisibility();
  const isConnected = useConnection().state !== 'lost';
  useEffect(() => {
    if (!isVisible) return;
    if (!isConnected) return change({ kind: 'cut', problem: null });
    const ending = new AbortController();
    void followLog({
      read: (request) => readLog({ ...request, workspaceId, limit: atFirst, follow: true }),
      signal: ending.signal,
      onBegin: (lines) => change({ kind: 'begin', lines }),
      onLines: (lines) => change({ kind: 'more', lines }),
      onCut: (problem) => change({ kind: 'cut', problem }),
    });
    return () => ending.abort();
  }, [workspaceId, isVisible, isConnected]);
  return log;
}

function applyChange(log: Log, change: Change): Log {
  if (change.kind === 'cut') return { ...log, state: 'cut', problem: change.problem };
  const lines = change.kind === 'begin' ? resumeLines(log.lines, change.lines) : addLines(log.lines, change.lines);
  return { lines, state: 'live', problem: null, isRead: true };
}

function useVisibility(): boolean {
  const [isVisible, setVisible] = useState(document.visibilityState === 'visible');
  useEffect(() => {
    const look = () => setVisible(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return isVisible;
}
