/** Keeping an instance's disk as it is now. */
import { TidepoolError } from '@tidepool/core';
import { z } from 'zod';
import type { Operation } from '../runtime.ts';
import { amend } from './amend.ts';
import { isBusy, untilIdle } from './busy.ts';
import { IncusError } from './client/incus-error.ts';
import { asFailure } from './incus-failure.ts';
import type { IncusHome } from './incus-home.ts';

const mostAttempts = 10;

export async function snapshotInstance(home: IncusHome, id: string, name: string, operation: Operation): Promise<void> {
  const { signal } = operation;
  for (let attempt = 1; ; attempt += 1) {
    if ((await amend(home, id, operation)) === null) throw new TidepoolError('instance_not_found');
    const path = home.instancePath(id, `/snapshots/${encodeURIComponent(name)}`);
    if ((await home.client.find(path, z.unknown(), signal)) !== null) return;
    try {
      const json = { name, stateful: false };
      await home.client.change({ method: 'POST', path: home.instancePath(id, '/snapshots'), json }, signal);
      return;
    } catch (error) {
      if (!(error instanceof IncusError) || attempt === mostAttempts) throw asFailure(error, 'instance_failed');
      // Somebody else keeps it at this moment, or has.
      const isTaken = /UNIQUE constraint failed|already (exists|in use)/i.test(error.message);
      if (!isTaken && !isBusy(error)) throw asFailure(error, 'instance_failed');
      await untilIdle(home, id, signal);
    }
  }
}
