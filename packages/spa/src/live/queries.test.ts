import { type InfiniteData, QueryClient, QueryObserver } from '@tanstack/react-query';
import type { Activity } from '@tidepool/core';
import { expect, test, vi } from 'vitest';
import { keys, prependActivity } from './queries.ts';

const workspaceId = '01900000-0000-7000-8000-000000000001';

function row(id: number): Activity {
  const at = '2026-03-01T12:00:00.000Z';
  const what = { type: 'workspace.changed', actor: 'system', message: `row ${id}`, detail: {} } as const;
  return { id, at, workspaceId, workspaceName: 'notes', ...what };
}

test('an activity that is followed for weeks holds no more rows than one reads', async () => {
  const queryClient = new QueryClient();
  const queryKey = keys.activity(workspaceId);
  const page = (items: Activity[]) => ({ pages: [{ items, nextCursor: 'more' }], pageParams: [null] });
  const queryFn = vi.fn(async () => page([row(2_000)]));
  queryClient.setQueryData(queryKey, page([row(1)]));
  const end = new QueryObserver(queryClient, { queryKey, queryFn, staleTime: Number.POSITIVE_INFINITY }).subscribe(
    () => {},
  );
  const rows = () => queryClient.getQueryData<InfiniteData<{ items: Activity[] }>>(queryKey)?.pages[0]?.items ?? [];
  for (let id = 2; id <= 1_000; id += 1) prependActivity(queryClient, workspaceId, row(id));
  expect(rows().length).toBe(1_000);
  expect(queryFn).not.toHaveBeenCalled();
  for (let id = 1_001; id <= 1_010; id += 1) prependActivity(queryClient, workspaceId, row(id));
  await vi.waitFor(() => expect(rows().map(({ id }) => id)).toEqual([2_000]));
  expect(queryFn).toHaveBeenCalledTimes(1);
  end();
});
