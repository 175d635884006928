/** The workspaces that answer to what was typed: those that are known at once, then those that the server finds. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Workspace } from '@tidepool/core';
import { useMemo } from 'react';
import { useRested } from '../components/use-rested.ts';
import { useKnown } from '../live/hooks.ts';
import { useServices } from '../services/services.ts';
import { verbs } from '../workspaces/verbs.ts';
import { tokensOf } from './match.ts';

export interface Found {
  /** The best first. */
  readonly workspaces: readonly Workspace[];
  readonly isSearching: boolean;
}

const most = 8;
const pauseMs = 120;

export function useFound(query: string): Found {
  const { client, known } = useServices();
  const search = useRested(searchOf(query), pauseMs);
  const subject = subjectOf(query);
  const { data, isFetching } = useQuery({
    queryKey: ['palette', search],
    queryFn: async ({ signal }) => {
      const page = await client('listWorkspaces', {
        query: { search, limit: String(most), sort: '-lastUsed' },
        signal,
      });
      known.put(...page.items);
      return page.items.map(({ id }) => id);
    },
    // What it found a while ago may have changed, and is of no use to anybody else.
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
  const byId = useKnown((state) => state.workspaces);
  const workspaces = useMemo(() => {
    const local = [...byId.values()].filter(answersTo(subject)).sort(byLastUse);
    const served = (data ?? []).flatMap((id) => byId.get(id) ?? []);
    return [...new Set([...local.slice(0, most), ...served])];
  }, [byId, data, subject]);
  return { workspaces, isSearching: isFetching };
}

/** What the server is asked for: what was typed without the words that say what to do; alone they may begin a name. */
export function searchOf(query: string): string {
  return subjectOf(query) || tokensOf(query).join(' ');
}

/** What something is to be done with, as `notes` in «stop notes» and in «logs of notes»; empty where no name was typed. */
function subjectOf(query: string): string {
  return tokensOf(query)
    .filter(
      (token) =>
        !smallWords.includes(token) && !(token.length > 2 && doingWords.some((word) => word.startsWith(token))),
    )
    .join(' ');
}

const smallWords: readonly string[] = ['of', 'in', 'the', 'to'];
const doingWords: readonly string[] = [
  ...Object.values(verbs).map(({ label }) => label.toLowerCase()),
  ...[
    'open',
    'copy',
    'address',
    'ports',
    'activity',
    'logs',
    'settings',
    'editor',
    'new',
    'workspace',
    'called',
    'theme',
  ],
];

/** Name, image, label or port: as the server searches, but for ports, of which a few digits are enough here. */
function answersTo(search: string) {
  return ({ name, image, ports }: Workspace): boolean =>
    [name, image, ...ports.flatMap(({ port, label }) => [String(port), label ?? ''])].some((text) =>
      text.toLowerCase().includes(search),
    );
}

function byLastUse(one: Workspace, other: Workspace): number {
  return (other.lastAccessedAt ?? '').localeCompare(one.lastAccessedAt ?? '') || (one.name < other.name ? -1 : 1);
}
