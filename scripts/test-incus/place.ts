/**
 * Where the Incus of one run of the tests lives: a directory of its own, and a bridge of its own name, since bridges are the
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

export function createPlace(): Place {
  const place = placeOf(process.pid);
  mkdirSync(place.directory, { mode: 0o711 });
  writeFileSync(ownerOf(place), JSON.stringify(identify(process.pid)));
  return place;
}

/** For everything that is to meet this Incus: Tidepool, its set-up, tests. */
export function placeEnvironment({ incus, bridge }: Place): Record<string, string> {
  return { INCUS_DIR: incus, TIDEPOOL_INCUS_NETWORK: bridge };
}

/** Those whose process is gone. */
export async function removeAbandonedPlaces(say: (line: string) => void): Promise<void> {
  for (const name of readdirSync(above)) {
    const pid = Number(name.slice(prefix.length));
    if (!name.startsWith(prefix) || !Number.isSafeInteger(pid) || pid <= 0) continue;
    const place = placeOf(pid);
    if (isOwned(place)) continue;
    say(`Clearing up behind an earlier run: ${place.directory}`);
    await takeDown(place, { undo: null, say });
  }
}

function placeOf(pid: number): Place {
  const directory = join(above, `${prefix}${pid}`);
  return { directory, incus: join(directory, 'incus'), bridge: `tptest${pid}` };
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
