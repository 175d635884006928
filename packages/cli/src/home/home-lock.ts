/** One Tidepool per home. The kernel lets go of the lock when its holder is gone, however it ended. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, TidepoolError } from '@tidepool/core';
import { type FileLock, lockFile } from '@tidepool/runtime';

/** Held until it is released, or the process ends. @throws TidepoolError `invalid_config`, naming who has it */
export async function lockHome({ home, paths }: Config): Promise<FileLock> {
  const path = join(paths.run, 'up.lock');
  const lock = await lockFile(path, { wait: false });
  if (lock === null) {
    const pid = readFileSync(path, 'utf8').trim();
    throw new TidepoolError('invalid_config', {
      detail: `Another Tidepool runs on ${home}${pid === '' ? '' : ` (process ${pid})`}.`,
      fix: 'Use that one, or start this one on a home and ports of its own: TIDEPOOL_HOME, TIDEPOOL_APP_PORT, …',
    });
  }
  // What is written says who; what is locked is the file.
  writeFileSync(path, `${process.pid}\n`, { mode: 0o600 });
  return lock;
}
