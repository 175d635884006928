/** Opaque cursors of lists: what the last page ended with, and of which list. */
import { TidepoolError } from '@tidepool/core';

type List = 'workspaces' | 'jobs' | 'activity';

const shapes = {
  // The sort, unless it is by name, and what it sorts by: `lastUsed|2026-03-01T12:00:00.000Z|notes`.
  workspaces: /^(?:-?lastUsed\|[0-9TZ:.-]{0,24}\|)?[a-z][a-z0-9-]{0,63}$/,
  jobs: /^[1-9][0-9]{0,14}$/,
  activity: /^[1-9][0-9]{0,14}$/,
} as const;

export function encodeCursor(list: List, last: string): string {
  return Buffer.from(`${list}:${last}`).toString('base64url');
}

/** @throws TidepoolError `invalid_cursor` for anything that `encodeCursor` did not make for this list */
export function decodeCursor(list: List, cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  const last = text.slice(list.length + 1);
  if (!text.startsWith(`${list}:`) || !shapes[list].test(last) || encodeCursor(list, last) !== cursor) {
    throw new TidepoolError('invalid_cursor', {
      fields: [{ field: 'query.cursor', message: 'This is no cursor of this list.' }],
    });
  }
  return last;
}
