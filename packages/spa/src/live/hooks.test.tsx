// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { createClient } from '@tidepool/core';
import type { ReactNode } from 'react';
import { afterEach, expect, test } from 'vitest';
import { aWorkspace } from '../../test/samples.ts';
import { aHost } from '../../test/stub-host.ts';
import { createServerClock } from '../api/server-clock.ts';
import type { Following } from '../capacity/following.ts';
import { type Services, ServicesContext } from '../services/services.ts';
import { createToasts } from '../shell/toasts.ts';
import type { Connection } from './connection.ts';
import { useOrigins, useWorkspace } from './hooks.ts';
import { createKnown } from './known.ts';
import { createStore } from './store.ts';

afterEach(cleanup);

function world(client: Services['client']) {
  const known = createKnown();
  const services: Services = {
    client,
    known,
    clock: createServerClock(),
    connection: createStore<Connection>({ state: 'live' }),
    reconnect: () => {},
    toasts: createToasts(),
    following: createStore<Following | null>(null),
  };
  const queryClient = new QueryClient();
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <ServicesContext value={services}>
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    </ServicesContext>
  );
  return { known, queryClient, wrapper };
}

test('where workspaces are reached draws nothing anew while the host’s figures change', async () => {
  let asked = 0;
  const fetch = async () => Response.json({ ...aHost(), counts: { total: asked++, running: 0, openJobs: 0 } });
  const { queryClient, wrapper } = world(createClient({ baseUrl: '', fetch }));
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
  const { known, wrapper } = world(createClient({ baseUrl: '', fetch: async () => Response.json(notes) }));
  const { result } = renderHook(() => useWorkspace('notes'), { wrapper });
  await waitFor(() => expect(result.current.workspace).toBeDefined());
  act(() => known.beginReading().end(true));
  expect(result.current).toMatchObject({ workspace: undefined, isGone: false });
  act(() => known.put(notes));
  act(() => known.remove(notes.id));
  expect(result.current).toMatchObject({ workspace: undefined, isGone: true });
});
