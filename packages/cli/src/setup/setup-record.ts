/**
 * `tidepool-setup.json` in INCUS_DIR: what the set-up did to the machine, so that `--undo` takes back that and nothing
 * else. It is written before the deed: what was not done after all is found undone. What is made inside Incus carries a
 * label there instead.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TidepoolError } from '@tidepool/core';
import { z } from 'zod';
import { processIdentity } from '../process-identity.ts';

const fileName = 'tidepool-setup.json';

const deeds = z.strictObject({
  /** What INCUS_DIR was before: not there, empty, or in use. */
  directory: z.enum(['absent', 'empty', 'used']),
  /** The apt source that we added. */
  source: z.string().nullable(),
  /** Packages that came with ours. */
  packages: z.array(z.string()),
  /** Lines that we added to /etc/subuid and /etc/subgid. */
  ids: z.array(z.strictObject({ file: z.string(), line: z.string() })),
  /** How the daemon was started; null where it ran already. Null identities: killed before they were known. */
  daemon: z
    .discriminatedUnion('by', [
      z.strictObject({ by: z.literal('systemd'), wasEnabled: z.boolean() }),
      z.strictObject({
        by: z.literal('itself'),
        incusd: processIdentity.nullable(),
        lxcfs: processIdentity.nullable(),
      }),
    ])
    .nullable(),
});
export type Deeds = z.infer<typeof deeds>;

export interface SetupRecord {
  /** Null where nothing was done. */
  read(): Deeds | null;
  /** Adds to what is there. */
  note(done: Partial<Deeds>): void;
  /** Forgets all of it. */
  clear(): void;
}

/** @param directory INCUS_DIR. @throws TidepoolError `invalid_config` where it cannot be read or written */
export function openSetupRecord(directory: string): SetupRecord {
  const path = join(directory, fileName);
  const read = () => readDeeds(path);
  return {
    read,
    note(done) {
      const before = read() ?? { directory: stateOf(directory), source: null, packages: [], ids: [], daemon: null };
      mkdirSync(directory, { recursive: true, mode: 0o711 });
      writeFileSync(`${path}.new`, `${JSON.stringify({ ...before, ...done }, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
    clear: () => rmSync(path, { force: true }),
  };
}

/** For a daemon on another machine: nothing is done to the machine, so there is nothing to note. */
export const noRecord: SetupRecord = { read: () => null, note: () => {}, clear: () => {} };

/** Asked before anything is put there. */
function stateOf(directory: string): Deeds['directory'] {
  try {
    const content = readdirSync(directory).filter((name) => !name.startsWith(fileName));
    return content.length === 0 ? 'empty' : 'used';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'absent';
    throw error;
  }
}

function readDeeds(path: string): Deeds | null {
  try {
    return deeds.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new TidepoolError('invalid_config', {
      detail: `${path}, which says what the set-up did, cannot be read.`,
      fix: `Run it as the user who set Incus up. Where the file is damaged, remove it: rm ${path}. --undo then keeps packages and daemon.`,
      cause,
    });
  }
}
