import { InfiniteQueryObserver, QueryClient, QueryObserver } from '@tanstack/react-query';
import type { ActivityEvent, Workspace } from '@tidepool/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createListServer } from '../../test/list-client.ts';
import { aWorkspace } from '../../test/samples.ts';
import { createKnown } from './known.ts';
import { countsQuery, listQuery } from './list-queries.ts';
import type { ListQuery } from './list-query.ts';
import { createListUpkeep } from './list-upkeep.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.useRealTimers();
});
const ends: (() => void)[] = [];

const all: ListQuery = { search: '', statuses: null, sort: 'name' };
const notes = aWorkspace({ status: 'running' });
const draft = aWorkspace({ id: '01900000-0000-7000-8000-000000000002', name: 'draft' });

const event = (workspace: Workspace | null, type: ActivityEvent['activity']['type']): ActivityEvent => ({
  activity: {
    id: 7,
    at: '2026-03-01T12:00:00.000Z',
    type,
    actor: 'system',
    workspaceId: notes.id,
    workspaceName: notes.name,
    message: 'Something happened',
    detail: {},
  },
  workspace,
  job: null,
});

/** A list and its counts that somebody looks at, over a server that has one workspace. */
async function lookedAt(query: ListQuery, answerMs = 0) {
  const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  const { client, asked } = createListServer([notes], { answerMs });
  const sources = { client, known: createKnown() };
  ends.push(
    new InfiniteQueryObserver(queryClient, listQuery(sources, query)).subscribe(() => {}),
    new QueryObserver(queryClient, countsQuery(sources, query.search)).subscribe(() => {}),
  );
  await vi.advanceTimersByTimeAsync(answerMs + 1);
  const isCount = (request: URLSearchParams) => request.get('limit') === '1';
  return {
    asked: () => ({ list: asked.filter((each) => !isCount(each)).length, counts: asked.filter(isCount).length }),
    heard: createListUpkeep(queryClient),
    queryClient,
  };
}

test('an event that moves rows has list and counts asked again at once, and many of them once a second', async () => {
  const { asked, heard } = await lookedAt(all);
  heard(event(draft, 'workspace.requested'));
  await vi.advanceTimersByTimeAsync(1);
  expect(asked()).toEqual({ list: 2, counts: 2 });
  for (let number = 0; number < 20; number += 1) {
    heard(event(draft, 'workspace.settled'));
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(asked()).toEqual({ list: 2, counts: 2 });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked()).toEqual({ list: 3, counts: 3 });
});

test('one that changes only what its row says has no list asked again, only the counts', async () => {
  const { asked, heard } = await lookedAt(all);
  heard(event({ ...notes, status: 'stopping' }, 'workspace.requested'));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked()).toEqual({ list: 1, counts: 2 });
});

test('steps of a job have nothing asked', async () => {
  const { asked, heard } = await lookedAt(all);
  heard(event(draft, 'step.finished'));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked()).toEqual({ list: 1, counts: 1 });
});

test('an answer on its way may be older than the event: it is asked again after it', async () => {
  const { asked, heard } = await lookedAt(all, 300);
  heard(event(draft, 'workspace.requested'));
  await vi.advanceTimersByTimeAsync(100);
  heard(event(draft, 'workspace.settled'));
  expect(asked()).toEqual({ list: 2, counts: 2 });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked()).toEqual({ list: 3, counts: 3 });
});

test('a list that nobody looks at is asked again by who looks at it next', async () => {
  const { asked, heard, queryClient } = await lookedAt(all);
  for (const end of ends.splice(0)) end();
  heard(event(draft, 'workspace.requested'));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked()).toEqual({ list: 1, counts: 1 });
  expect(queryClient.getQueryCache().findAll({ stale: true })).toHaveLength(2);
});
