/** The jobs that are at work or wait for it: read once, then as events tell. */
import { useQuery } from '@tanstack/react-query';
import type { Job } from '@tidepool/core';
import { useServices } from '../services/services.ts';
import { useKnownAll } from './hooks.ts';
import { isOver, type KnownState } from './known.ts';

export interface UnderWay {
  /** Those that began last come first. */
  readonly jobs: readonly Job[];
  /** False until they have been read once. */
  readonly isRead: boolean;
}

export function useUnderWay(): UnderWay {
  const { client, known } = useServices();
  const { isSuccess } = useQuery({
    queryKey: ['jobs-under-way'],
    queryFn: async ({ signal }) => {
      const { items } = await client('listJobs', { query: { status: 'running,queued,waiting', limit: '100' }, signal });
      for (const job of items) known.putJob(job);
      return items.length;
    },
  });
  return { jobs: useKnownAll(lastBegunFirst), isRead: isSuccess };
}

function lastBegunFirst({ jobs }: KnownState): readonly Job[] {
  return [...jobs.values()]
    .filter(({ status }) => !isOver(status))
    .sort((one, other) => (one.createdAt > other.createdAt ? -1 : 1));
}
