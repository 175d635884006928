/** What is read from the API, and where the answers go: workspaces and jobs into `known`, the rest into the query's cache. */

import { type InfiniteData, infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Activity, Client } from '@tidepool/core';
import { problemOf } from '../api/problem-of.ts';
import type { Known } from './known.ts';

export const keys = {
  workspace: (name: string) => ['workspace', name] as const,
  job: (id: string) => ['job', id] as const,
  host: ['host'] as const,
  activity: (workspaceId: string) => ['activity', workspaceId] as const,
};

const perPage = 100;

interface Sources {
  readonly client: Client;
  readonly known: Known;
}

export function workspaceQuery({ client, known }: Sources, name: string) {
  return queryOptions({
    queryKey: keys.workspace(name),
    queryFn: async ({ signal }) => {
      const before = [...known.getState().workspaces.values()].find((each) => each.name === name);
      try {
        const workspace = await client('getWorkspace', { params: { id: name }, signal });
        known.put(workspace);
        return { id: workspace.id };
      } catch (error) {
        // Deleted while no event could say so.
        if (before && problemOf(error).code === 'workspace_not_found') known.remove(before.id);
        throw error;
      }
    },
  });
}

export function jobQuery({ client, known }: Sources, id: string) {
  return queryOptions({
    queryKey: keys.job(id),
    queryFn: async ({ signal }) => {
      known.putJob(await client('getJob', { params: { id }, signal }));
      return { id };
    },
  });
}

export function hostQuery({ client }: Pick<Sources, 'client'>) {
  return queryOptions({ queryKey: keys.host, queryFn: ({ signal }) => client('getHost', { signal }) });
}

export function activityQuery({ client }: Pick<Sources, 'client'>, workspaceId: string) {
  return infiniteQueryOptions({
    queryKey: keys.activity(workspaceId),
    queryFn: ({ pageParam, signal }) =>
      client('listActivity', {
        params: { id: workspaceId },
        query: { limit: String(perPage), ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
}

type ActivityPages = InfiniteData<{ items: Activity[]; nextCursor: string | null }, string | null>;

/** A tab may be open for weeks: with more rows in its first page, an activity begins again with the last that happened. */
const mostTold = 1_000;

/** Puts what just happened on top of a list of activity that is shown. */
export function prependActivity(queryClient: QueryClient, workspaceId: string, activity: Activity): void {
  const queryKey = keys.activity(workspaceId);
  const data = queryClient.setQueryData<ActivityPages>(queryKey, (old) => {
    const [first, ...rest] = old?.pages ?? [];
    if (!old || !first || (first.items[0]?.id ?? 0) >= activity.id) return old;
    return { ...old, pages: [{ ...first, items: [activity, ...first.items] }, ...rest] };
  });
  const told = data?.pages[0]?.items.length ?? 0;
  if (!data || told <= mostTold || queryClient.isFetching({ queryKey, exact: true }) > 0) return;
  queryClient.setQueryData<ActivityPages>(queryKey, {
    pages: data.pages.slice(0, 1),
    pageParams: data.pageParams.slice(0, 1),
  });
  void queryClient.invalidateQueries({ queryKey, exact: true });
}
