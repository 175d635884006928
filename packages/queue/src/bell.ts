/** Wakes those who wait for something to happen, without polling and without missing a ring between look and wait. */

export interface Bell {
  /** How often it rang. Read it before looking, and hand it to `heard`. */
  readonly rings: number;
  ring(): void;
  /** Resolves once it has rung since `seen`, after `ms` at the latest, and at once where the signal is aborted. */
  heard(seen: number, ms: number, signal: AbortSignal): Promise<void>;
}

export function createBell(): Bell {
  let rings = 0;
  const listeners = new Set<() => void>();
  return {
    get rings() {
      return rings;
    },
    ring() {
      rings += 1;
      for (const wake of listeners) wake();
    },
    heard(seen, ms, signal) {
      if (seen !== rings || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          listeners.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        listeners.add(wake);
        signal.addEventListener('abort', wake);
      });
    },
  };
}
