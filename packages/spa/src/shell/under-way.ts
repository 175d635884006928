/** The jobs that are at work or wait for it: read once, then as events tell. */
import { useQuery } from '@tanstack/react-query';
import type { Job, JobKind } from '@tidepool/core';
import { useMemo } from 'react';
import { useKnown } from '../live/hooks.ts';
import { isOver } from '../live/known.ts';
import { useServices } from '../services/services.ts';

export const jobWords = {
  create: 'Creating',
  start: 'Starting',
  stop: 'Stopping',
  restart: 'Restarting',
  delete: 'Deleting',
  routes: 'Changing the ports of',
  source: 'Cloning the repository of',
} as const satisfies Record<JobKind, string>;

/** Those that began last come first. */
export function useUnderWay(): readonly Job[] {
  const { client, known } = useServices();
  useQuery({
    queryKey: ['jobs-under-way'],
    queryFn: async ({ signal }) => {
      const { items } = await client('listJobs', { query: { status: 'running,queued,waiting', limit: '100' }, signal });
      for (const job of items) known.putJob(job);
      return items.length;
    },
  });
  const byId = useKnown((state) => state.jobs);
  return useMemo(
    () =>
      [...byId.values()]
        .filter(({ status }) => !isOver(status))
        .sort((one, other) => other.createdAt.localeCompare(one.createdAt)),
    [byId],
  );
}
