/** How lists of workspaces are read: pages by cursor, counts, and some kinds whole. All that is read becomes known. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Client } from '@tidepool/core';
import type { Known } from './known.ts';
import type { ListQuery } from './list-query.ts';

export const listKeys = {
  all: ['workspaces'] as const,
  lists: ['workspaces', 'list'] as const,
  list: (query: ListQuery) => ['workspaces', 'list', query] as const,
  counts: ['workspaces', 'counts'] as const,
  countsOf: (search: string) => ['workspaces', 'counts', search] as const,
  named: (name: string) => ['workspaces', 'named', name] as const,
  whole: (filter: WholeFilter) => ['workspaces', 'whole', filter] as const,
};

export interface ListPage {
  readonly of: ListQuery;
  readonly ids: readonly string[];
  readonly lastName: string | undefined;
  readonly nextCursor: string | null;
  readonly total: number;
}

/** As the API takes it. */
export interface WholeFilter {
  readonly status: string;
  readonly stopReason?: string;
  readonly sort?: 'lastUsed';
}

interface Sources {
  readonly client: Client;
  readonly known: Known;
}

const perPage = '100';
/** Answers to searches that nobody looks at any more are kept so long, in milliseconds: for «back». */
const keptMs = 60_000;

export function listQuery({ client, known }: Sources, query: ListQuery) {
  const { search, statuses, sort } = query;
  return infiniteQueryOptions({
    queryKey: listKeys.list(query),
    queryFn: async ({ pageParam, signal }): Promise<ListPage> => {
      const { items, nextCursor, total } = await client('listWorkspaces', {
        query: {
          limit: perPage,
          sort,
          ...(search === '' ? {} : { search }),
          ...(statuses ? { status: statuses.join() } : {}),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        signal,
      });
      known.put(...items);
      return { of: query, ids: items.map(({ id }) => id), lastName: items.at(-1)?.name, nextCursor, total };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    gcTime: keptMs,
  });
}

export function countsQuery({ client, known }: Sources, search: string) {
  return queryOptions({
    queryKey: listKeys.countsOf(search),
    queryFn: async ({ signal }) => {
      const { items, counts } = await client('listWorkspaces', {
        query: { limit: '1', ...(search === '' ? {} : { search }) },
        signal,
      });
      known.put(...items);
      return counts;
    },
    gcTime: keptMs,
  });
}

export function wholeQuery({ client, known }: Sources, filter: WholeFilter) {
  return queryOptions({
    queryKey: listKeys.whole(filter),
    queryFn: async ({ signal }) => {
      for (let cursor: string | undefined; ; ) {
        const page = await client('listWorkspaces', {
          query: { limit: perPage, ...filter, ...(cursor === undefined ? {} : { cursor }) },
          signal,
        });
        known.put(...page.items);
        if (page.nextCursor === null) return page.total;
        cursor = page.nextCursor;
      }
    },
  });
}

/**
 * Whether one has this name: it is known then. Asked of the list, for which a name that nobody has is no failure; of whatever
 * else the name is found in, the list is read by name as far as it would stand.
 */
export function nameQuery({ client, known }: Sources, name: string) {
  return queryOptions({
    queryKey: listKeys.named(name),
    queryFn: async ({ signal }) => {
      for (let cursor: string | undefined; ; ) {
        const { items, nextCursor } = await client('listWorkspaces', {
          query: { limit: perPage, search: name, ...(cursor === undefined ? {} : { cursor }) },
          signal,
        });
        known.put(...items);
        const isRead = nextCursor === null || items.some((each) => each.name >= name);
        if (isRead) return items.some((each) => each.name === name);
        cursor = nextCursor;
      }
    },
    gcTime: keptMs,
  });
}
