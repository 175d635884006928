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
  const changed = [...before.values()].flatMap((was) => {
    const is = after.get(was.id);
    if (!is) return gone.has(was.id) ? [`${was.name}: deleted.`] : [];
    if (is.status === was.status) return [];
    const { word, joint, why } = statusLine(is, now);
    return [`${is.name}: ${is.status === 'error' ? `${word}${joint}${why}` : `${word}.`}`];
  });
  return changed.join(' ');
}
