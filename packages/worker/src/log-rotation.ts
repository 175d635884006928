/** Keeps the logs of workspaces small: each file has at most two generations of 10 MiB. */
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Config } from '@tidepool/core';

export const mostLogBytes = 10 * 1024 * 1024;

/**
 * Of every workspace: directories that begin with `_` or `.` are not theirs.
 * @throws AggregateError of what could not be rotated, once the rest is
 */
export async function rotateLogs({ logs }: Pick<Config['paths'], 'logs'>, most = mostLogBytes): Promise<void> {
  const names = await unlessMissing(readdir(logs), []);
  const failures: unknown[] = [];
  const attempt = (rotation: Promise<void>) => rotation.catch((error: unknown) => void failures.push(error));
  for (const name of names.filter((entry) => /^[a-z]/.test(entry))) {
    // The instance holds its file open for as long as it runs: what is in it moves, the file stays.
    await attempt(rotate(`${logs}/${name}/instance`, 'log', most, empty));
    // The worker opens its file anew for each job.
    await attempt(rotate(`${logs}/${name}/tidepool`, 'jsonl', most, rename));
  }
  if (failures.length > 0) throw new AggregateError(failures, `Not rotated: ${failures.join('; ')}`);
}

/**
 * Keeps the last `most` bytes of `size`: a guest can stretch its log without writing a byte of it, and each byte of the
 * copy is real. On a full disk what was written is given up: there, room is worth more than an old log.
 */
async function empty(from: string, to: string, size: number, most: number): Promise<void> {
  const last = createReadStream(from, { start: size - most, end: size - 1 });
  try {
    await pipeline(last, createWriteStream(to, { mode: 0o640 }));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')))
      throw error;
    await rm(to, { force: true });
  }
  await truncate(from);
}

async function rotate(
  stem: string,
  extension: string,
  most: number,
  move: (from: string, to: string, size: number, most: number) => Promise<void>,
): Promise<void> {
  const path = `${stem}.${extension}`;
  const size = await unlessMissing(
    stat(path).then((found) => found.size),
    0,
  );
  // Its workspace may be deleted at this moment.
  if (size > most) await unlessMissing(move(path, `${stem}.1.${extension}`, size, most), undefined);
}

async function unlessMissing<T>(attempt: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return otherwise;
    throw error;
  }
}
