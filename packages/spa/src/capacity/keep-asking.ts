/** Repeats a request that did not arrive, until it does: Tidepool may be away for a while, as when it is restarted. */
import { isPassing } from '../api/problem-of.ts';

const waitsMs = [500, 1_000, 2_000] as const;
const longestMs = 5_000;

/**
 * @param ask must be safe to repeat: a reading, or with one and the same idempotency key
 * @throws what `ask` throws, unless it is about the way there; the signal's reason
 */
export async function keepAsking<Answer>(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  for (let tries = 0; ; tries += 1) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await pause(waitsMs[tries] ?? longestMs, signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = () => {
      end();
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      end();
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}
