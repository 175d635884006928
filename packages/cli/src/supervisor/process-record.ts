/** `run/processes.json`: which processes were started, so that the next start after a kill -9 finds what is left. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ProcessIdentity, processIdentity } from '../process-identity.ts';

const record = z.record(z.string(), processIdentity);

export interface ProcessRecord {
  /** By the process's name; empty where nothing was noted. */
  read(): Readonly<Record<string, ProcessIdentity>>;
  note(name: string, identity: ProcessIdentity | null): void;
}

export function openProcessRecord(runDirectory: string): ProcessRecord {
  const path = join(runDirectory, 'processes.json');
  function read(): Record<string, ProcessIdentity> {
    try {
      return record.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
      // Cut off by a full disk or a power loss: nothing is known, and ports in use will say so.
      if (error instanceof SyntaxError || error instanceof z.ZodError) return {};
      throw error;
    }
  }
  return {
    read,
    note(name, identity) {
      const { [name]: _, ...others } = read();
      const next = identity === null ? others : { ...others, [name]: identity };
      writeFileSync(`${path}.new`, JSON.stringify(next), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
}
