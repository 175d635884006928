/** Removing what a guest has made, for good: whatever modes it set, and without following a single symlink. */
import { execFile } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { hasCode } from '../file-errors.ts';

/** Longest removal, in ms: millions of files take minutes. */
const removalLimit = 600_000;

/**
 * Moves `path` into `trash` under its own name and deletes it there: it is gone at once and whole, and what a crash leaves
 * is swept later. A path that is not there is removed once nothing of it is left in the trash either.
 */
export async function removeTree(path: string, trash: string, signal: AbortSignal): Promise<void> {
  mkdirSync(trash, { recursive: true, mode: 0o700 });
  const aside = join(trash, basename(path));
  // What a removal that failed has left: in the way of the next.
  if (lstatSync(aside, { throwIfNoEntry: false }) !== undefined) await erase(aside, signal);
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  await erase(aside, signal);
}

/** Deletes what earlier removals left. @throws AggregateError of what could not be deleted, once the rest is */
export async function sweepTrash(trash: string, signal: AbortSignal): Promise<void> {
  mkdirSync(trash, { recursive: true, mode: 0o700 });
  const failures: unknown[] = [];
  for (const name of readdirSync(trash)) {
    await erase(join(trash, name), signal).catch((error: unknown) => void failures.push(error));
  }
  if (failures.length > 0) throw new AggregateError(failures, `Not deleted: ${failures.join('; ')}`);
}

/** rm and chmod walk by open directories and never through a link (fts(3)). An ordinary user first needs the modes back. */
async function erase(path: string, signal: AbortSignal): Promise<void> {
  const run = promisify(execFile);
  const options = { signal: AbortSignal.any([signal, AbortSignal.timeout(removalLimit)]) };
  if (process.getuid?.() !== 0)
    await run('chmod', ['-R', '--silent', 'u+rwX', '--', path], options).catch(tolerateExit);
  await run('rm', ['-rf', '--one-file-system', '--', path], options);
}

/** Modes that cannot be changed matter only where rm fails too, and it says so better. */
function tolerateExit(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'number')) throw error;
}
