/** Tells a screen reader what changed: the same that a row's shape and word show. */
import type { Workspace } from '@tidepool/core';
import { useEffect, useState } from 'react';
import type { KnownState } from '../live/known.ts';
import { useServices } from '../services/services.ts';
import { statusLine } from '../workspaces/status-words.ts';

export function Announcer() {
  const { known, clock } = useServices();
  const [words, setWords] = useState('');
  useEffect(() => {
    let before = known.getState().workspaces;
    return known.subscribe(() => {
      const after = known.getState().workspaces;
      if (after === before) return;
      const changed = changes(before, known.getState(), clock.now());
      before = after;
      if (changed !== '') setWords(changed);
    });
  }, [known, clock]);
  return (
    <p className="sr" role="status">
      {words}
    </p>
  );
}

/** `notes: Running. draft: deleted.`; empty where no status changed. */
export function changes(
  before: ReadonlyMap<string, Workspace>,
  { workspaces: after, gone }: Pick<KnownState, 'workspaces' | 'gone'>,
  now: number,
): string {
  const changed: string[] = [];
  for (const [id, was] of before) {
    const is = after.get(id);
    if (is === was || is?.status === was.status) continue;
    if (is) changed.push(`${is.name}: ${wordsOf(is, now)}`);
    else if (gone.has(id)) changed.push(`${was.name}: deleted.`);
  }
  return changed.join(' ');
}

function wordsOf(workspace: Workspace, now: number): string {
  const { word, joint, why } = statusLine(workspace, now);
  return workspace.status === 'error' ? `${word}${joint}${why}` : `${word}.`;
}
