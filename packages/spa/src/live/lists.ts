/**
 * Lists of workspaces, asked of the server: which belong to a list and in which order is its answer, what each is like is
 * what is known of it, so that an event is painted at once. `list-upkeep.ts` has the lists asked again.
 */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { endedUnasked, occupying, type Problem, type Status, type Workspace } from '@tidepool/core';
import { useCallback, useMemo } from 'react';
import { problemOf } from '../api/problem-of.ts';
import { useServices } from '../services/services.ts';
import { useKnownAll } from './hooks.ts';
import type { KnownState } from './known.ts';
import { countsQuery, listQuery, wholeQuery } from './list-queries.ts';
import { isInStatus, type ListQuery } from './list-query.ts';

export interface WorkspaceList {
  /** Those read so far, in the list's order. */
  readonly workspaces: readonly Workspace[];
  /** How many there are, read or not. */
  readonly total: number;
  /** How many are found in each status, whatever `statuses` says; undefined until they were read. */
  readonly counts: Readonly<Record<Status, number>> | undefined;
  /** False until there is something to show. */
  readonly isRead: boolean;
  /** What is shown is still the answer to the search before. */
  readonly isSearching: boolean;
  /** Why nothing could be read; null where something is shown. */
  readonly problem: Problem | null;
  readonly readAgain: () => void;
  /** Asks for the next page; null where there is none, or an answer is awaited. */
  readonly readMore: (() => void) | null;
}

/** A list page by page, kept true. Another `query` shows the last answer until its own is there. */
export function useWorkspaceList(query: ListQuery): WorkspaceList {
  const services = useServices();
  const { data, error, isPlaceholderData, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    ...listQuery(services, query),
    placeholderData: keepPreviousData,
  });
  const counts = useQuery({ ...countsQuery(services, query.search), placeholderData: keepPreviousData });
  const ids = useMemo(() => [...new Set(data?.pages.flatMap((page) => page.ids))], [data]);
  // One that an event shows in another status is out before the list is asked again.
  const statuses = isPlaceholderData ? null : query.statuses;
  const workspaces = useKnownAll(
    useCallback(
      ({ workspaces: byId }: KnownState) =>
        ids.flatMap((id) => byId.get(id) ?? []).filter((workspace) => isInStatus(workspace, statuses)),
      [ids, statuses],
    ),
  );
  const goneCount = ids.length - workspaces.length;
  const total = hasNextPage
    ? Math.max((data?.pages.at(-1)?.total ?? 0) - goneCount, workspaces.length + 1)
    : workspaces.length;
  const unread = (data === undefined && error) || (counts.data === undefined && counts.error);
  const readMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  return {
    workspaces,
    total,
    counts: counts.data,
    isRead: data !== undefined,
    isSearching: isPlaceholderData,
    problem: unread ? problemOf(unread) : null,
    readAgain: () => void Promise.all([refetch(), counts.refetch()]),
    readMore: hasNextPage && !isFetching ? readMore : null,
  };
}

export interface WorkspaceSet {
  readonly workspaces: readonly Workspace[];
  /** False until all of them have been read once. */
  readonly isComplete: boolean;
  /** Why they could not be read; null once they are. */
  readonly problem: Problem | null;
}

/** Those that hold memory of the host, by name: for gauges. */
export function useOccupying(): WorkspaceSet {
  return useKnownSet(useWhole({ status: occupying.join() }), holdsMemory, byName);
}

/** Those that run, least recently used first, as the server chooses whom to stop. Asked anew by each view that opens. */
export function useLeastUsed(): WorkspaceSet {
  return useKnownSet(useWhole({ status: 'running', sort: 'lastUsed' }, true), runs, byUse);
}

/** Those that ran until Tidepool or the host ended under them, by name. */
export function useEndedUnasked(): WorkspaceSet {
  return useKnownSet(useWhole({ status: 'stopped', stopReason: endedUnasked.join() }), isEndedUnasked, byName);
}

type Whole = Omit<WorkspaceSet, 'workspaces'>;

/** Reads all of some workspaces once. From then on events tell of each that comes among them. */
function useWhole(filter: Parameters<typeof wholeQuery>[1], isAskedAnew = false): Whole {
  const { isSuccess, error } = useQuery({
    ...wholeQuery(useServices(), filter),
    ...(isAskedAnew ? { refetchOnMount: 'always' } : {}),
  });
  return { isComplete: isSuccess, problem: !isSuccess && error ? problemOf(error) : null };
}

function useKnownSet(whole: Whole, belongs: (workspace: Workspace) => boolean, order: Order): WorkspaceSet {
  const workspaces = useKnownAll(
    useCallback(({ workspaces: byId }: KnownState) => [...byId.values()].filter(belongs).sort(order), [belongs, order]),
  );
  return { workspaces, ...whole };
}

type Order = (one: Workspace, other: Workspace) => number;

const byName: Order = (one, other) => (one.name < other.name ? -1 : 1);
const byUse: Order = (one, other) => (lastUse(one) < lastUse(other) ? -1 : 1);
const lastUse = ({ lastAccessedAt, startedAt }: Workspace) => lastAccessedAt ?? startedAt ?? '';

const holdsMemory = ({ status }: Workspace) => occupying.includes(status);
const runs = ({ status }: Workspace) => status === 'running';
const isEndedUnasked = ({ status, stopReason }: Workspace) =>
  status === 'stopped' && stopReason !== null && endedUnasked.includes(stopReason);
