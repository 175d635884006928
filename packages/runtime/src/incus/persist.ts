/** Outlasting the daemon: what its end interrupted is begun again when it is back. All methods of the adapter may be. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TidepoolError } from '@tidepool/core';
import { lacksBridge } from './client/incus-error.ts';
import { server } from './client/replies.ts';
import { asFailure } from './incus-failure.ts';
import type { IncusHome } from './incus-home.ts';

/** Milliseconds. Incus is back some seconds after its start; a package's upgrade takes longer. */
const patience = 25_000;
const pause = 100;
/** A bridge that it could not raise it tries again a minute after its start: the three attempts of a job outlast that. */
const forBridge = { patience: 45_000, pause: 1000 } as const;

/** @throws what `run` throws; `runtime_unavailable` where the daemon stays away */
export async function persist<T>(home: IncusHome, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  for (;;) {
    try {
      return await run();
    } catch (error) {
      const isWithoutBridge = lacksBridge(error);
      const until = begun + (isWithoutBridge ? forBridge.patience : patience);
      if (!isAway(error) || performance.now() > until) throw asFailure(error, 'instance_failed');
      if (isWithoutBridge) await sleep(forBridge.pause, undefined, { signal });
      else await untilBack(home, until, signal);
    }
  }
}

export function isAway(error: unknown): boolean {
  return error instanceof TidepoolError && error.code === 'runtime_unavailable' && error.passing;
}

async function untilBack(home: IncusHome, until: number, signal: AbortSignal): Promise<void> {
  // A socket that is not there yet gives no event that could be waited for.
  do {
    await sleep(pause, undefined, { signal });
    try {
      await home.client.read('/1.0', server, signal);
      return;
    } catch (error) {
      if (!isAway(error)) throw error;
    }
  } while (performance.now() < until);
}
