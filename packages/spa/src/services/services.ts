/** What every part of the page may use, wired once in `main.tsx`. */
import type { Client } from '@tidepool/core';
import { createContext, useContext } from 'react';
import type { ServerClock } from '../api/server-clock.ts';
import type { FollowingStore } from '../capacity/following.ts';
import type { Connection } from '../live/connection.ts';
import type { Known } from '../live/known.ts';
import type { Store } from '../live/store.ts';
import type { Toasts } from '../shell/toasts.ts';

export interface Services {
  readonly client: Client;
  readonly clock: ServerClock;
  readonly known: Known;
  readonly connection: Store<Connection>;
  /** Tries to connect now. */
  readonly reconnect: () => void;
  readonly toasts: Toasts;
  /** What does not fit, as an offer, and what has become of it. */
  readonly following: FollowingStore;
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('ServicesContext is missing');
  return services;
}
