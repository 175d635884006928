/** Which workspaces a list asks the server for, and what an event means for such a list. */
import type { Status, Workspace } from '@tidepool/core';

export interface ListQuery {
  /** Part of a name, an image or a port's label; or a port's number. Empty: all. */
  readonly search: string;
  /** null: in whatever status. */
  readonly statuses: readonly Status[] | null;
  readonly sort: 'name' | 'lastUsed' | '-lastUsed';
}

/** As the server decides it: said by an event, a row may leave or join a list before the list is asked again. */
export function isListed(workspace: Workspace, { search, statuses }: Pick<ListQuery, 'search' | 'statuses'>): boolean {
  return isInStatus(workspace, statuses) && isFound(workspace, search);
}

export function isInStatus({ status }: Pick<Workspace, 'status'>, statuses: ListQuery['statuses']): boolean {
  return statuses?.includes(status) ?? true;
}

/** What has been read of a list. */
export interface ReadPart {
  readonly ids: ReadonlySet<string>;
  readonly lastName: string | undefined;
  readonly hasMore: boolean;
}

/** Whether the rows that were read of a list may be others now; its counts may be others after each such event. */
export function movesRows(workspace: Workspace | null, query: ListQuery, read: ReadPart): boolean {
  // One that is gone leaves by itself, and so does one that an event shows in another status.
  if (!workspace) return false;
  const isRead = read.ids.has(workspace.id);
  if (isRead) return !isFound(workspace, query.search);
  if (!isListed(workspace, query)) return false;
  const isBeyond = query.sort === 'name' && read.hasMore && workspace.name > (read.lastName ?? '');
  return !isBeyond;
}

function isFound({ name, image, ports }: Workspace, search: string): boolean {
  const wanted = folded(search);
  if (wanted === '') return true;
  const number = /^\d+$/.test(wanted) ? Number(wanted) : undefined;
  const texts = [name, image, ...ports.map(({ label }) => label ?? '')];
  return texts.some((text) => folded(text).includes(wanted)) || ports.some(({ port }) => port === number);
}

/** Case away, and one way to write each letter: some keyboards send an accent as a sign of its own. */
function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
