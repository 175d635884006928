/** What every part of the page may use, wired once in `main.tsx`. */
import type { Client } from '@tidepool/core';
import { createContext, useContext } from 'react';
import type { ServerClock } from '../api/server-clock.ts';
import type { FollowThrough } from '../capacity/follow-through.ts';
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
  readonly followThrough: FollowThrough;
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('ServicesContext is missing');
  return services;
}
