/** Makes and wires what the page works with, and connects it. */
import { notifyManager, QueryClient } from '@tanstack/react-query';
import { createApi } from '../api/api.ts';
import { isPassing } from '../api/problem-of.ts';
import { createServerClock } from '../api/server-clock.ts';
import type { Following } from '../capacity/following.ts';
import type { Connection } from '../live/connection.ts';
import { createKnown } from '../live/known.ts';
import { startLater } from '../live/start-later.ts';
import { createStore } from '../live/store.ts';
import { createToasts } from '../shell/toasts.ts';
import type { Services } from './services.ts';

export function createServices(): { readonly services: Services; readonly queryClient: QueryClient } {
  // At once, and not by a timer: a button knows that an answer is awaited before a second press, waiting behind a busy page, reaches it.
  notifyManager.setScheduler(queueMicrotask);
  const clock = createServerClock();
  const client = createApi(clock);
  const known = createKnown();
  const toasts = createToasts();
  const connection = createStore<Connection>({ state: 'connecting' });
  const queryClient = new QueryClient({
    defaultOptions: {
      // Events keep answers true: nothing is asked again because time went by or the tab was looked at.
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
        retry: (failures, error) => failures < 3 && isPassing(error),
      },
      mutations: { networkMode: 'always' },
    },
  });
  const reconnect = startLater({ client, queryClient, known, connection });
  const following = createStore<Following | null>(null);
  return {
    services: { client, clock, known, connection, reconnect, toasts, following },
    queryClient,
  };
}
