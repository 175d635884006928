/** What hooks are drawn in: services over a client that a test gives, connected, with nothing known yet. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { createServerClock } from '../src/api/server-clock.ts';
import type { Following } from '../src/capacity/following.ts';
import type { Connection } from '../src/live/connection.ts';
import { createKnown } from '../src/live/known.ts';
import { createStore } from '../src/live/store.ts';
import { type Services, ServicesContext } from '../src/services/services.ts';
import { createToasts } from '../src/shell/toasts.ts';

export function createHookWorld(client: Services['client']) {
  const known = createKnown();
  const queryClient = new QueryClient();
  const services: Services = {
    client,
    known,
    clock: createServerClock(),
    connection: createStore<Connection>({ state: 'live' }),
    reconnect: () => {},
    toasts: createToasts(),
    following: createStore<Following | null>(null),
  };
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <ServicesContext value={services}>
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    </ServicesContext>
  );
  return { known, queryClient, wrapper };
}
