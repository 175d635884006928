// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { createClient } from '@tidepool/core';
import type { ReactNode } from 'react';
import { afterEach, expect, test } from 'vitest';
import { aWorkspace } from '../../test/samples.ts';
import { createServerClock } from '../api/server-clock.ts';
import type { Following } from '../capacity/following.ts';
import { type Services, ServicesContext } from '../services/services.ts';
import { createToasts } from '../shell/toasts.ts';
import type { Connection } from './connection.ts';
import { useWorkspace } from './hooks.ts';
import { createKnown } from './known.ts';
import { createStore } from './store.ts';

afterEach(cleanup);

test('a workspace that is missing while everything is read anew is not gone; one that is deleted is', async () => {
  const notes = aWorkspace();
  const known = createKnown();
  const services: Services = {
    client: createClient({ baseUrl: '', fetch: async () => Response.json(notes) }),
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
  const { result } = renderHook(() => useWorkspace('notes'), { wrapper });
  await waitFor(() => expect(result.current.workspace).toBeDefined());
  act(() => known.beginReading().end(true));
  expect(result.current).toMatchObject({ workspace: undefined, isGone: false });
  act(() => known.put(notes));
  act(() => known.remove(notes.id));
  expect(result.current).toMatchObject({ workspace: undefined, isGone: true });
});
