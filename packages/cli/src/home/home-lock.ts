/** One Tidepool per home. The kernel lets go of the lock when its holder is gone, however it ended. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, TidepoolError } from '@tidepool/core';
import { lockFile } from '@tidepool/runtime';

/** Held until the process ends. @throws TidepoolError `invalid_config`, naming who has it */
export async function lockHome({ home, paths }: Config): Promise<void> {
  const path = join(paths.run, 'up.lock');
  if ((await lockFile(path, { wait: false })) === null) {
    const pid = readFileSync(path, 'utf8').trim();
    throw new TidepoolError('invalid_config', {
      detail: `Another Tidepool runs on ${home}${pid === '' ? '' : ` (process ${pid})`}.`,
      fix: 'Use that one, or start this one on a home and ports of its own: TIDEPOOL_HOME, TIDEPOOL_APP_PORT, …',
    });
  }
  // What is written says who; what is locked is the file.
  writeFileSync(path, `${process.pid}\n`, { mode: 0o600 });
}
