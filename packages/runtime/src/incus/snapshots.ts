/** Keeping an instance's disk as it is now. */
import { TidepoolError } from '@tidepool/core';
import { z } from 'zod';
import type { Operation } from '../runtime.ts';
import { amend } from './amend.ts';
import { isBusy, isNotFound, untilIdle } from './busy.ts';
import { IncusError } from './client/incus-error.ts';
import type { IncusInstance } from './client/replies.ts';
import { asFailure } from './incus-failure.ts';
import { type IncusHome, labels } from './incus-home.ts';

const mostAttempts = 10;

/** A daemon that dies meanwhile leaves one without a disk: only what is noted as whole afterwards counts. */
export async function snapshotInstance(home: IncusHome, id: string, name: string, operation: Operation): Promise<void> {
  const { signal } = operation;
  const snapshots = home.instancePath(id, '/snapshots');
  const own = home.instancePath(id, `/snapshots/${encodeURIComponent(name)}`);
  for (let attempt = 1; ; attempt += 1) {
    const found = await amend(home, id, operation);
    if (found === null) throw new TidepoolError('instance_not_found');
    if (wholeSnapshots(found).includes(name)) return;
    await untilIdle(home, id, signal);
    try {
      const isThere = (await home.client.find(own, z.unknown(), signal)) !== null;
      if (isThere) await home.client.change({ method: 'DELETE', path: own }, signal);
      await home.client.change({ method: 'POST', path: snapshots, json: { name, stateful: false } }, signal);
      break;
    } catch (error) {
      if (!(error instanceof IncusError) || attempt === mostAttempts) throw asFailure(error, 'instance_failed');
      // Somebody else keeps it at this moment, or has.
      if (!isTaken(error) && !isBusy(error) && !isNotFound(error)) throw asFailure(error, 'instance_failed');
    }
  }
  await amend(home, id, operation, (found) => ({
    config: { [labels.snapshots]: [...new Set([...wholeSnapshots(found), name])].join(',') },
  }));
}

export function wholeSnapshots({ config }: IncusInstance): string[] {
  return (config[labels.snapshots] ?? '').split(',').filter((name) => name !== '');
}

function isTaken(error: IncusError): boolean {
  return /UNIQUE constraint failed|already (exists|in use)/i.test(error.message);
}
