/**
 * Where an Incus of one run of the tests lives: a directory of its own, and a bridge of its own name, since bridges are the
 * host's. The directory says which process it belongs to, so that a run after one that was killed clears up behind it.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isAlive, processIdentity } from '../../packages/cli/src/process-identity.ts';
import { takeDown } from './take-down.ts';

export interface Place {
  /** Removed with everything in it. */
  readonly directory: string;
  /** INCUS_DIR: of the set-up's own making. */
  readonly incus: string;
  readonly bridge: string;
}

/** Not /tmp, which may be memory: a pool is in it. */
const above = '/var/tmp';
const prefix = 'tidepool-incus-';
/** Behind the number of the process; a name of a bridge has 15 characters. */
const marks: Readonly<Record<Which, string>> = { first: '', second: 'b' };

/** A run has one or two. */
export type Which = 'first' | 'second';

export function createPlace(which: Which = 'first'): Place {
  const place = placeOf(`${process.pid}${marks[which]}`);
  mkdirSync(place.directory, { mode: 0o711 });
  writeFileSync(ownerOf(place), JSON.stringify(identify(process.pid)));
  return place;
}

/** For everything that is to meet this Incus: Tidepool, its set-up, tests. */
export function placeEnvironment({ incus, bridge }: Place): Record<string, string> {
  return { INCUS_DIR: incus, TIDEPOOL_INCUS_NETWORK: bridge };
}

/** Those whose process is gone, the second of a run first: what both use was the first one's to start. */
export async function removeAbandonedPlaces(say: (line: string) => void): Promise<void> {
  for (const name of readdirSync(above).sort().reverse()) {
    const key = name.slice(prefix.length);
    if (!name.startsWith(prefix) || !/^[1-9]\d*b?$/.test(key)) continue;
    const place = placeOf(key);
    if (isOwned(place)) continue;
    say(`Clearing up behind an earlier run: ${place.directory}`);
    await takeDown(place, { undo: null, say });
  }
}

function placeOf(key: string): Place {
  const directory = join(above, `${prefix}${key}`);
  return { directory, incus: join(directory, 'incus'), bridge: `tptest${key}` };
}

function ownerOf(place: Place): string {
  return join(place.directory, 'owner.json');
}

function isOwned(place: Place): boolean {
  try {
    return isAlive(processIdentity.parse(JSON.parse(readFileSync(ownerOf(place), 'utf8'))));
  } catch {
    // It was killed before it wrote all of it, or after it had removed half of it.
    return false;
  }
}
