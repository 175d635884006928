/** A workspace's log in view. A hidden tab gives its connection back; when it is seen again, the log is read anew. */
import type { LogLine } from '@tidepool/core';
import { useEffect, useReducer, useState } from 'react';
import { useConnection } from '../../live/hooks.ts';
import { readLog } from './log-stream.ts';

export interface NumberedLine extends LogLine {
  readonly number: number;
}

export interface Log {
  readonly lines: readonly NumberedLine[];
  /** Why it cannot be read now. */
  readonly problem: string | null;
  readonly isRead: boolean;
}

const atFirst = 100;
const kept = 2_000;
const nothing: Log = { lines: [], problem: null, isRead: false };

type Change = { readonly begin: true } | { readonly lines: readonly LogLine[] } | { readonly problem: string | null };

export function useLog(workspaceId: string, follow: boolean): Log {
  const [log, change] = useReducer(applyChange, nothing);
  const isVisible = useVisibility();
  const isConnected = useConnection().state !== 'lost';
  const isReading = follow && isVisible && isConnected;
  useEffect(() => {
    if (!isReading) return;
    const ending = new AbortController();
    change({ begin: true });
    readLog({
      workspaceId,
      limit: atFirst,
      follow: true,
      signal: ending.signal,
      onLines: (lines) => change({ lines }),
    }).then(
      () => change({ problem: null }),
      (error: unknown) => {
        if (!ending.signal.aborted) change({ problem: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => ending.abort();
  }, [workspaceId, isReading]);
  return log;
}

function applyChange(log: Log, change: Change): Log {
  if ('begin' in change) return nothing;
  if ('problem' in change) return { ...log, problem: change.problem, isRead: true };
  const next = (log.lines.at(-1)?.number ?? 0) + 1;
  const lines = change.lines.map((line, index) => ({ ...line, number: next + index }));
  return { ...log, lines: [...log.lines, ...lines].slice(-kept), isRead: true };
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
