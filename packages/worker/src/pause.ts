/** Waiting that ends at once when aborted. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface GrowingPause {
  readonly firstMs: number;
  readonly factor: number;
  readonly mostMs: number;
}

/** Each call waits `factor` times as long as the one before. @throws the signal's reason when aborted */
export function growingPause({ firstMs, factor, mostMs }: GrowingPause): (signal: AbortSignal) => Promise<void> {
  let next = firstMs;
  return (signal) => {
    const length = next;
    next = Math.min(next * factor, mostMs);
    return pause(length, signal);
  };
}

/** @throws the signal's reason when aborted */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    // Node's own AbortError hides who aborted and why.
    signal.throwIfAborted();
    throw error;
  }
}
