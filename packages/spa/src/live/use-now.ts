/** The server's time, for views that count it. All that count alike share one timer, and none runs in a hidden tab. */
import { useSyncExternalStore } from 'react';
import type { ServerClock } from '../api/server-clock.ts';
import { useServices } from '../services/services.ts';

interface Ticker {
  subscribe(listener: () => void): () => void;
  now(): number;
}

const tickers = new Map<number, Ticker>();

/** @param everyMs how often it is looked at anew */
export function useNow(everyMs: number): number {
  const { clock } = useServices();
  const ticker = tickers.get(everyMs) ?? addTicker(everyMs, clock);
  return useSyncExternalStore(ticker.subscribe, ticker.now);
}

/** What `select` makes of the time: drawn anew only where that has changed. */
export function useNowAs<Selected>(everyMs: number, select: (now: number) => Selected): Selected {
  const { clock } = useServices();
  const ticker = tickers.get(everyMs) ?? addTicker(everyMs, clock);
  return useSyncExternalStore(ticker.subscribe, () => select(ticker.now()));
}

function addTicker(everyMs: number, clock: ServerClock): Ticker {
  const listeners = new Set<() => void>();
  let now = clock.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    if (document.visibilityState === 'hidden') return;
    now = clock.now();
    for (const listener of listeners) listener();
  };
  const ticker: Ticker = {
    now: () => now,
    subscribe: (listener) => {
      if (listeners.size === 0) {
        now = clock.now();
        timer = setInterval(tick, everyMs);
        document.addEventListener('visibilitychange', tick);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        document.removeEventListener('visibilitychange', tick);
      };
    },
  };
  tickers.set(everyMs, ticker);
  return ticker;
}
