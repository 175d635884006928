/** Keeps the logs of workspaces small: each file has at most two generations of 10 MiB. */
import { copyFile, readdir, rename, stat, truncate } from 'node:fs/promises';
import type { Config } from '@tidepool/core';

export const mostLogBytes = 10 * 1024 * 1024;

/** Of every workspace: directories that begin with `_` or `.` are not theirs. */
export async function rotateLogs({ logs }: Pick<Config['paths'], 'logs'>, most = mostLogBytes): Promise<void> {
  const names = await unlessMissing(readdir(logs), []);
  for (const name of names.filter((entry) => /^[a-z]/.test(entry))) {
    // The instance holds its file open for as long as it runs: what is in it moves, the file stays.
    await rotate(`${logs}/${name}/instance`, 'log', most, async (from, to) => {
      await copyFile(from, to);
      await truncate(from);
    });
    // The worker opens its file anew for each job.
    await rotate(`${logs}/${name}/tidepool`, 'jsonl', most, rename);
  }
}

async function rotate(
  stem: string,
  extension: string,
  most: number,
  move: (from: string, to: string) => Promise<void>,
): Promise<void> {
  const path = `${stem}.${extension}`;
  const size = await unlessMissing(
    stat(path).then((found) => found.size),
    0,
  );
  // Its workspace may be deleted at this moment.
  if (size > most) await unlessMissing(move(path, `${stem}.1.${extension}`), undefined);
}

async function unlessMissing<T>(attempt: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return otherwise;
    throw error;
  }
}
