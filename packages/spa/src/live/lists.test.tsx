// @vitest-environment happy-dom
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { Workspace } from '@tidepool/core';
import { afterEach, expect, test } from 'vitest';
import { createHookWorld } from '../../test/hook-world.tsx';
import { createListServer } from '../../test/list-client.ts';
import { aWorkspace } from '../../test/samples.ts';
import { useEndedUnasked, useLeastUsed, useOccupying, useWorkspaceList } from './lists.ts';

afterEach(cleanup);

const named = (name: string, change: Partial<Workspace> = {}) =>
  aWorkspace({ id: `01900000-0000-7000-8000-${name.padEnd(12, '0').slice(0, 12)}`, name, ...change });
const alpha = named('alpha', { status: 'running', lastAccessedAt: '2026-03-01T12:00:00.000Z' });
const beta = named('beta', { status: 'running', startedAt: '2026-03-01T11:00:00.000Z' });
const gamma = named('gamma', { stopReason: 'shutdown' });

/** A server with these workspaces, one on each page. */
function world(...there: Workspace[]) {
  return createHookWorld(createListServer(there, { perPage: 1 }).client);
}

const namesOf = (workspaces: readonly Workspace[]) => workspaces.map(({ name }) => name);

test('a list shows its first page and says how many there are; the next comes when it is asked for', async () => {
  const { wrapper } = world(alpha, beta, gamma);
  const query = { search: '', statuses: null, sort: 'name' } as const;
  const { result } = renderHook(() => useWorkspaceList(query), { wrapper });
  await waitFor(() => expect(result.current.readMore).not.toBeNull());
  expect(namesOf(result.current.workspaces)).toEqual(['alpha']);
  expect(result.current.total).toBe(3);
  result.current.readMore?.();
  await waitFor(() => expect(namesOf(result.current.workspaces)).toEqual(['alpha', 'beta']));
});

test('a row leaves its status with the event, and one that is deleted does not come back by a late answer', async () => {
  const { wrapper, known } = world(alpha, beta);
  const query = { search: '', statuses: ['running'], sort: 'name' } as const;
  const { result } = renderHook(() => useWorkspaceList(query), { wrapper });
  await waitFor(() => expect(result.current.readMore).not.toBeNull());
  result.current.readMore?.();
  await waitFor(() => expect(namesOf(result.current.workspaces)).toEqual(['alpha', 'beta']));
  known.put({ ...beta, version: 2, status: 'stopping' });
  await waitFor(() => expect(namesOf(result.current.workspaces)).toEqual(['alpha']));
  known.remove(alpha.id);
  await waitFor(() => expect(result.current.total).toBe(0));
  known.put({ ...alpha, version: 9 });
  await waitFor(() => expect(result.current.workspaces).toEqual([]));
});

test('another search shows the last answer until its own is there', async () => {
  const { wrapper } = world(alpha);
  const { result, rerender } = renderHook(({ search }) => useWorkspaceList({ search, statuses: null, sort: 'name' }), {
    wrapper,
    initialProps: { search: '' },
  });
  await waitFor(() => expect(result.current.isRead).toBe(true));
  rerender({ search: 'alp' });
  expect(result.current).toMatchObject({ isSearching: true, isRead: true });
  expect(namesOf(result.current.workspaces)).toEqual(['alpha']);
  await waitFor(() => expect(result.current.isSearching).toBe(false));
});

test('those that hold memory are read whole, whatever other lists have read, and follow events', async () => {
  const { wrapper, known } = world(alpha, beta, gamma);
  const { result } = renderHook(() => useOccupying(), { wrapper });
  await waitFor(() => expect(result.current.isComplete).toBe(true));
  expect(namesOf(result.current.workspaces)).toEqual(['alpha', 'beta']);
  known.put({ ...gamma, version: 2, status: 'starting' });
  await waitFor(() => expect(namesOf(result.current.workspaces)).toEqual(['alpha', 'beta', 'gamma']));
});

test('the least recently used stands first; one that nobody opened counts from its start', async () => {
  const { wrapper } = world(alpha, beta);
  const { result } = renderHook(() => useLeastUsed(), { wrapper });
  await waitFor(() => expect(result.current.isComplete).toBe(true));
  expect(namesOf(result.current.workspaces)).toEqual(['beta', 'alpha']);
});

test('what a shutdown ended leaves when it is started', async () => {
  const { wrapper, known } = world(gamma);
  const { result } = renderHook(() => useEndedUnasked(), { wrapper });
  await waitFor(() => expect(namesOf(result.current.workspaces)).toEqual(['gamma']));
  known.put({ ...gamma, version: 2, status: 'starting', stopReason: null });
  await waitFor(() => expect(result.current.workspaces).toEqual([]));
});

test('what is told of others leaves a list as it is, and so does what changes nothing', async () => {
  const { wrapper, known } = world(alpha);
  const { result } = renderHook(
    () => ({
      list: useWorkspaceList({ search: '', statuses: null, sort: 'name' }).workspaces,
      occupying: useOccupying().workspaces,
      ended: useEndedUnasked().workspaces,
    }),
    { wrapper },
  );
  await waitFor(() => expect(namesOf(result.current.occupying)).toEqual(['alpha']));
  await waitFor(() => expect(namesOf(result.current.list)).toEqual(['alpha']));
  const before = { ...result.current };
  act(() => known.put(named('other', { stopReason: 'requested' })));
  expect(known.getState().workspaces.size).toBe(2);
  expect(result.current.list).toBe(before.list);
  expect(result.current.occupying).toBe(before.occupying);
  expect(result.current.ended).toBe(before.ended);
});
