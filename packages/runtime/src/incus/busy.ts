/** Waiting for what Incus is doing to an instance: the changes of an attempt that was given up, or of somebody else. */

import { IncusError } from './client/incus-error.ts';
import { operations } from './client/replies.ts';
import { type IncusHome, instanceName } from './incus-home.ts';

/** Returns when no operation works on the workspace's instance any more. */
export function untilIdle(home: IncusHome, id: string, signal: AbortSignal): Promise<void> {
  return untilInstanceIdle(home, instanceName(id), signal);
}

/** As `untilIdle`, of an instance by its name. */
export async function untilInstanceIdle(
  home: Pick<IncusHome, 'client' | 'path'>,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const { value } = await home.client.read(home.path('operations', 'recursion=1'), operations, signal);
  const own = new RegExp(`^/1\\.0/instances/${name}(\\?|$)`);
  const busy = [...(value.running ?? []), ...(value.pending ?? [])].filter(({ resources }) =>
    Object.values(resources ?? {}).some((urls) => urls.some((url) => own.test(url))),
  );
  for (const { id: operation } of busy) {
    try {
      await home.client.wait(`/1.0/operations/${operation}`, signal);
    } catch (error) {
      // How it ended is seen in what it has left.
      if (!(error instanceof IncusError)) throw error;
    }
  }
}

/** Incus works on the instance at this moment. */
export function isBusy(error: unknown): boolean {
  return error instanceof IncusError && /instance is busy/i.test(error.message);
}

export function isNotFound(error: unknown): boolean {
  return error instanceof IncusError && error.status === 404;
}
