/** `run/processes.json`: which processes were started, so that the next start after a kill -9 finds what is left. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import { processIdentity } from '../process-identity.ts';

/** `mark` says what it was started as: one that is to be adopted has to be what would be started now. */
const entry = z.strictObject({ ...processIdentity.shape, mark: z.string() });
export type RecordedProcess = z.infer<typeof entry>;
const record = z.record(z.string(), entry);

export interface ProcessRecord {
  /** By the process's name; empty where nothing was noted. */
  read(): Readonly<Record<string, RecordedProcess>>;
  /** A full disk costs the note, never the process: after a kill -9 ports in use would say what is left. */
  note(name: string, started: RecordedProcess | null): void;
}

export function openProcessRecord(runDirectory: string, log: Logger): ProcessRecord {
  const path = recordPath(runDirectory);
  return {
    read: () => readProcessRecord(runDirectory),
    note(name, started) {
      try {
        const { [name]: _, ...others } = readProcessRecord(runDirectory);
        const next = started === null ? others : { ...others, [name]: started };
        writeFileSync(`${path}.new`, JSON.stringify(next), { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch (error) {
        log.error({ err: error, process: name }, 'could not note a process');
      }
    },
  };
}

export function readProcessRecord(runDirectory: string): Readonly<Record<string, RecordedProcess>> {
  try {
    return record.parse(JSON.parse(readFileSync(recordPath(runDirectory), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    // Cut off by a full disk or a power loss: nothing is known, and ports in use will say so.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return {};
    throw error;
  }
}

function recordPath(runDirectory: string): string {
  return join(runDirectory, 'processes.json');
}
