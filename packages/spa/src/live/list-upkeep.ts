/**
 * Has lists asked again when an event may have moved their rows or their counts: at once, then at most once a second, in
 * place. What is shown already follows the event by itself.
 */
import { hashKey, type InfiniteData, type QueryClient, type QueryKey } from '@tanstack/react-query';
import type { ActivityEvent, ActivityType } from '@tidepool/core';
import { type ListPage, listKeys } from './list-queries.ts';
import { movesRows } from './list-query.ts';
import { throttled } from './throttled.ts';

export type ListUpkeep = (event: ActivityEvent) => void;

/** Of these no list speaks. */
const without: readonly ActivityType[] = [
  'step.started',
  'step.finished',
  'job.claimed',
  'job.retrying',
  'host.changed',
];
const restMs = 1_000;

export function createListUpkeep(queryClient: QueryClient): ListUpkeep {
  const moved = new Map<string, QueryKey>();
  const readSoon = throttled(async () => {
    const keys = [...moved.values()];
    moved.clear();
    await Promise.all(keys.map((queryKey) => readAgain(queryClient, queryKey)));
  }, restMs);

  return ({ activity, workspace }) => {
    if (without.includes(activity.type) || activity.workspaceId === null) return;
    const lists = queryClient.getQueriesData<InfiniteData<ListPage>>({ queryKey: listKeys.lists });
    const keys = [
      ...lists.filter(([, data]) => !data || moves(workspace, data.pages)).map(([key]) => key),
      ...queryClient.getQueriesData({ queryKey: listKeys.counts }).map(([key]) => key),
    ];
    for (const key of keys) moved.set(hashKey(key), key);
    if (keys.length > 0) readSoon();
  };
}

function moves(workspace: ActivityEvent['workspace'], pages: readonly ListPage[]): boolean {
  const last = pages.at(-1);
  if (!last) return true;
  return movesRows(workspace, last.of, {
    ids: new Set(pages.flatMap(({ ids }) => ids)),
    lastName: last.lastName,
    hasMore: last.nextCursor !== null,
  });
}

/** One that nobody looks at is read when somebody does. */
async function readAgain(queryClient: QueryClient, queryKey: QueryKey): Promise<void> {
  const one = { queryKey, exact: true };
  // An answer that is on its way may be older than the event.
  if (queryClient.isFetching(one) > 0) await queryClient.refetchQueries(one, { cancelRefetch: false });
  await queryClient.invalidateQueries(one);
}
