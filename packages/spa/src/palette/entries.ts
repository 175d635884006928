/** What the palette offers for what was typed, and what it offers when nothing is. */
import type { Workspace } from '@tidepool/core';
import type { Entry } from './entry.ts';
import { type EntryGroup, find } from './match.ts';
import { newCalled, type PageDoings, pageEntries } from './page-entries.ts';
import { type WorkspaceDoings, workspaceEntries } from './workspace-entries.ts';

export interface Offer {
  readonly query: string;
  /** Found for the query, the best first; with none, those used last. */
  readonly workspaces: readonly Workspace[];
  /** The one whose page is shown. */
  readonly here: Workspace | undefined;
  /** Chosen here before, the last first. */
  readonly recent: readonly string[];
  readonly doings: WorkspaceDoings & PageDoings;
}

export function offer({ query, workspaces, here, recent, doings }: Offer): readonly EntryGroup[] {
  if (query.trim() === '') return offerNow({ workspaces, here, recent, doings });
  const taken = new Set(workspaces.map(({ name }) => name));
  const entries = workspaces.flatMap((workspace) => {
    const isHere = workspace.id === here?.id;
    return workspaceEntries(workspace, doings).map((entry) => ({ ...entry, isHere }));
  });
  const groups = find([...entries, ...pageEntries(doings)], query);
  const fresh = newCalled(query, taken, doings.go);
  return fresh.length === 0 ? groups : [...groups, { label: 'New', items: fresh }];
}

/** On a workspace's page what can be done with it; then again what was done before, what was used last, where one can go. */
function offerNow({ workspaces, here, recent, doings }: Omit<Offer, 'query'>): readonly EntryGroup[] {
  const isPossible = ({ why }: Entry) => why === undefined;
  const page = pageEntries(doings);
  const own = here ? workspaceEntries(here, doings).filter(isPossible) : [];
  const others = workspaces.filter(({ id }) => id !== here?.id).flatMap((each) => workspaceEntries(each, doings));
  const all = [...own, ...others.filter(isPossible), ...page];
  const again = recent.flatMap((id) => all.find((entry) => entry.id === id) ?? []);
  const doing = { label: 'Do', items: [...own, ...page].filter(({ group }) => group === 'Do') } as const;
  const rest = [
    { label: 'Recent', items: again.slice(0, 5) },
    { label: 'Workspaces', items: others.filter(({ group }) => group === 'Workspaces').slice(0, 6) },
    { label: 'Go to', items: [...own, ...page].filter(({ group }) => group === 'Go to') },
  ] as const;
  return withoutRepeats(here ? [doing, ...rest] : [...rest, doing]);
}

/** Each entry where it stands first. */
function withoutRepeats(groups: readonly EntryGroup[]): readonly EntryGroup[] {
  const shown = new Set<string>();
  return groups
    .map(({ label, items }) => ({
      label,
      items: items.filter(({ id }) => {
        const isNew = !shown.has(id);
        shown.add(id);
        return isNew;
      }),
    }))
    .filter(({ items }) => items.length > 0);
}
