/** The page's one way to the API: core's client on this origin, which also keeps the server's time. */
import { type Client, createClient } from '@tidepool/core';
import type { ServerClock } from './server-clock.ts';

/** A connection that died without a word would be waited for by the minute. Changes are only accepted here, never awaited. */
const deadlineMs = 20_000;

export function createApi(clock: ServerClock): Client {
  return createClient({
    baseUrl: '',
    fetch: async (input, init) => {
      const deadline = AbortSignal.timeout(deadlineMs);
      const signal = init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
      const response = await fetch(input, { ...init, signal });
      clock.saw(response.headers.get('date'));
      return response;
    },
  });
}
