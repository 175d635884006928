/** Removes the Incus of a run of the tests: its instances, then what the set-up made by its own undo, then whatever is left by force. */
import { rmSync } from 'node:fs';
import { createIncusClient, incusReplies } from '@tidepool/runtime';
import { z } from 'zod';
import { endLxcfs, endUsersOf, incusDirectories } from './abandoned.ts';
import type { Place } from './place.ts';
import { powerOff } from './power-off.ts';

export interface TakeDown {
  /** `tidepool setup incus --undo`; null behind a run that was killed: its record may say less than there is, and what it had started may live. */
  readonly undo: (() => Promise<void>) | null;
  readonly say: (line: string) => void;
}

export async function takeDown(place: Place, { undo, say }: TakeDown): Promise<void> {
  let failure: unknown = null;
  try {
    if (undo !== null) {
      await removeInstances(place, say);
      await undo();
    }
  } catch (error) {
    failure = error;
  }
  if (undo === null) endUsersOf(place);
  for (const incus of incusDirectories(place)) await powerOff(incus);
  if (undo === null) endLxcfs(place);
  rmSync(place.directory, { recursive: true, force: true });
  if (failure !== null) throw failure;
}

/** The undo refuses while there are workspaces; tests that failed, or were interrupted, leave some. */
async function removeInstances({ incus }: Place, say: TakeDown['say']): Promise<void> {
  const client = createIncusClient({ kind: 'unix', socket: `${incus}/unix.socket` });
  const signal = AbortSignal.timeout(180_000);
  try {
    const listed = z.array(incusReplies.instance.extend({ project: z.string() }));
    const { value } = await client.read('/1.0/instances?recursion=1&all-projects=true', listed, signal);
    for (const { name, project, status } of value) {
      say(`Removing the instance ${name} (${status}) that a test left behind.`);
      const path = `/1.0/instances/${name}`;
      const json = { action: 'stop', force: true, timeout: 30 };
      if (status !== 'Stopped') {
        await client.change({ method: 'PUT', path: `${path}/state?project=${project}`, json }, signal);
      }
      await client.change({ method: 'DELETE', path: `${path}?project=${project}` }, signal);
    }
  } finally {
    await client.close();
  }
}
