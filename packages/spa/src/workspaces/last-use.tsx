/** When somebody was last connected to a workspace: «in use now», «3 min ago», with the exact time on hover and focus. */
import type { Workspace } from '@tidepool/core';
import { TimeAgo } from '../components/time-ago.tsx';
import { useNowAs } from '../live/use-now.ts';
import { formatAgo } from './durations.ts';

/** An editor says once a minute that it is there, and is asked once a minute. */
const nowMs = 150_000;

export interface LastUseProps {
  readonly workspace: Workspace;
  /** Words only, in the middle of a line. */
  readonly isPlain?: boolean;
}

export function LastUse({ workspace, isPlain = false }: LastUseProps) {
  const { lastAccessedAt } = workspace;
  const words = useNowAs(10_000, (now) => wordsOf(workspace, now));
  if (lastAccessedAt === null) return isPlain ? 'never used' : <span className="dim">never</span>;
  // Beside the time since when it is stopped, it says which one it is.
  if (isPlain) return words === inUse ? words : `used ${words}`;
  return <TimeAgo at={lastAccessedAt} words={words} />;
}

const inUse = 'in use now';

function wordsOf({ status, lastAccessedAt }: Workspace, now: number): string {
  if (lastAccessedAt === null) return '';
  const at = Date.parse(lastAccessedAt);
  return status === 'running' && now - at < nowMs ? inUse : formatAgo(at, now);
}
