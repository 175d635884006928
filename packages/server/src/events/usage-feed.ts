/**
 * Tells event streams what running workspaces take, once for each measurement. Looks once a second while somebody listens:
 * what is measured is no activity, so no row of the log could tell of it.
 */
import type { UsageEvent } from '@tidepool/core';
import type { Reads } from '@tidepool/db';
import type { Logger } from 'pino';

export interface UsageFeed {
  /** Calls with every measurement from now on. @returns how to end that */
  listen(listener: (measured: UsageEvent) => void): () => void;
}

export function createUsageFeed(parts: {
  readonly reads: Pick<Reads, 'measurements'>;
  readonly log: Logger;
  /** Milliseconds between looks. */
  readonly everyMs?: number;
}): UsageFeed {
  const { reads, log, everyMs = 1_000 } = parts;
  const listeners = new Set<(measured: UsageEvent) => void>();
  let seenAt: string | undefined;
  let looking: NodeJS.Timeout | undefined;

  const look = () => {
    try {
      const workspaces = reads.measurements();
      const at = workspaces[0]?.usage.at;
      if (at === undefined || at === seenAt) return;
      seenAt = at;
      for (const listener of listeners) listener({ workspaces });
    } catch (err) {
      log.warn({ err }, 'measurements could not be read; the next look tries again');
    }
  };

  return {
    listen: (listener) => {
      // Who begins to listen reads the workspaces too, with what was measured up to now.
      looking ??= setInterval(look, everyMs).unref();
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(looking);
        looking = undefined;
      };
    },
  };
}
