/** The page's one way to the API: core's client on this origin, which also keeps the server's time. */
import { type Client, createClient } from '@tidepool/core';
import type { ServerClock } from './server-clock.ts';

export function createApi(clock: ServerClock): Client {
  return createClient({
    baseUrl: '',
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      clock.saw(response.headers.get('date'));
      return response;
    },
  });
}
