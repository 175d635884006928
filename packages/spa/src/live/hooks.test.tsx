// @vitest-environment happy-dom
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { createClient } from '@tidepool/core';
import { afterEach, expect, test } from 'vitest';
import { createHookWorld } from '../../test/hook-world.tsx';
import { aWorkspace } from '../../test/samples.ts';
import { aHost } from '../../test/stub-host.ts';
import { useOrigins, useWorkspace } from './hooks.ts';

afterEach(cleanup);

test('where workspaces are reached draws nothing anew while the host’s figures change', async () => {
  let asked = 0;
  const fetch = async () => Response.json({ ...aHost(), counts: { total: asked++, running: 0, openJobs: 0 } });
  const { queryClient, wrapper } = createHookWorld(createClient({ baseUrl: '', fetch }));
  let drawn = 0;
  const { result } = renderHook(
    () => {
      drawn += 1;
      return useOrigins();
    },
    { wrapper },
  );
  await waitFor(() => expect(result.current?.workspacePort).toBe(8081));
  const before = drawn;
  await act(() => queryClient.invalidateQueries());
  expect(asked).toBe(2);
  expect(drawn).toBe(before);
});

test('a workspace that is missing while everything is read anew is not gone; one that is deleted is', async () => {
  const notes = aWorkspace();
  const { known, wrapper } = createHookWorld(createClient({ baseUrl: '', fetch: async () => Response.json(notes) }));
  const { result } = renderHook(() => useWorkspace('notes'), { wrapper });
  await waitFor(() => expect(result.current.workspace).toBeDefined());
  act(() => known.beginReading().end(true));
  expect(result.current).toMatchObject({ workspace: undefined, isGone: false });
  act(() => known.put(notes));
  act(() => known.remove(notes.id));
  expect(result.current).toMatchObject({ workspace: undefined, isGone: true });
});
