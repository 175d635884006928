/** What only the page of the host asks for. */
import { queryOptions } from '@tanstack/react-query';
import { ApiError, type Client, type Job } from '@tidepool/core';
import type { Known } from '../live/known.ts';
import { keys } from '../live/queries.ts';

interface Sources {
  readonly client: Client;
  readonly known: Known;
}

/** As many failed jobs as are worth a look. */
const failedJobsShown = 8;

/** Not below `keys.host`: what is sampled once a minute is not asked for with each event. */
export function historyQuery({ client }: Pick<Sources, 'client'>) {
  return queryOptions({
    queryKey: ['host-history'],
    queryFn: ({ signal }) => client('getHostHistory', { signal }),
  });
}

/**
 * The last failed jobs, newest first, each with its workspace in `known` where that is still there. Below `keys.host`: the
 * events that change the host's figures change these too.
 */
export function failedJobsQuery(sources: Sources) {
  return queryOptions({
    queryKey: [...keys.host, 'failed-jobs'],
    queryFn: async ({ signal }): Promise<readonly Job[]> => {
      const query = { status: 'failed', limit: String(failedJobsShown) };
      const { items } = await sources.client('listJobs', { query, signal });
      const ids = new Set(items.map(({ workspaceId }) => workspaceId));
      await Promise.all([...ids].map((id) => readWorkspace(sources, id, signal)));
      return items;
    },
  });
}

export function imagesQuery({ client }: Pick<Sources, 'client'>) {
  return queryOptions({
    queryKey: [...keys.host, 'images'],
    queryFn: ({ signal }) => client('listImages', { signal }),
  });
}

/** One that is deleted since stays unknown. */
async function readWorkspace({ client, known }: Sources, id: string, signal: AbortSignal): Promise<void> {
  if (known.knows(id)) return;
  try {
    known.put(await client('getWorkspace', { params: { id }, signal }));
  } catch (error) {
    if (!(error instanceof ApiError && error.problem.code === 'workspace_not_found')) throw error;
  }
}
