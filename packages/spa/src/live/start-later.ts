/** Starts the event stream behind the first load: what is asked first and drawn first does not wait for it. */
import { loadLive } from '../routing/later.ts';
import type { LiveParts } from './live.ts';

/** Milliseconds, between tries to fetch it where Tidepool went away with the page's first part. */
const restMs = 5_000;

/** @returns has a connection that is lost tried again at once */
export function startLater(parts: LiveParts): () => void {
  const stream = loadUntilThere(parts).then(({ startLive }) => startLive(parts));
  return () => void stream.then(({ tryNow }) => tryNow());
}

async function loadUntilThere({ connection }: LiveParts): Promise<Awaited<ReturnType<typeof loadLive>>> {
  const since = Date.now();
  for (;;) {
    try {
      return await loadLive();
    } catch {
      connection.set({ state: 'lost', since, nextTryAt: Date.now() + restMs });
      await new Promise((resolve) => setTimeout(resolve, restMs));
      connection.set({ state: 'lost', since, nextTryAt: null });
    }
  }
}
