/** The jobs that are at work or wait for it: read once, then as events tell. */
import { useQuery } from '@tanstack/react-query';
import type { Job } from '@tidepool/core';
import { useMemo } from 'react';
import { useServices } from '../services/services.ts';
import { useKnown } from './hooks.ts';
import { isOver } from './known.ts';

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
  const byId = useKnown((state) => state.jobs);
  const jobs = useMemo(
    () =>
      [...byId.values()]
        .filter(({ status }) => !isOver(status))
        .sort((one, other) => other.createdAt.localeCompare(one.createdAt)),
    [byId],
  );
  return { jobs, isRead: isSuccess };
}
