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

/** Puts what just happened on top of a list of activity that is shown. */
export function prependActivity(queryClient: QueryClient, workspaceId: string, activity: Activity): void {
  queryClient.setQueryData<InfiniteData<{ items: Activity[]; nextCursor: string | null }, string | null>>(
    keys.activity(workspaceId),
    (data) => {
      const [first, ...rest] = data?.pages ?? [];
      if (!data || !first || (first.items[0]?.id ?? 0) >= activity.id) return data;
      return { ...data, pages: [{ ...first, items: [activity, ...first.items] }, ...rest] };
    },
  );
}
