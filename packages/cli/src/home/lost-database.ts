/** A home whose disks have lost their database: going on would show an empty list to somebody who has work there. */
import { readdirSync, statSync } from 'node:fs';
import { type Config, TidepoolError } from '@tidepool/core';

/** @throws TidepoolError `invalid_config` where there are disks of workspaces and no database, or an empty one */
export function refuseLostDatabase({ paths }: Config): void {
  const database = statSync(paths.database, { throwIfNoEntry: false });
  if (database && database.size > 0) return;
  const disks = readdirSync(paths.sandboxes).filter((name) => /^[0-9a-f-]{36}$/.test(name));
  if (disks.length === 0) return;
  throw new TidepoolError('invalid_config', {
    detail: `${paths.database} is ${database ? 'empty' : 'gone'}, but ${paths.sandboxes} holds the disks of ${disks.length} workspaces.`,
    fix: `Put the database back from a copy. To begin anew and keep the disks aside: mv ${paths.sandboxes} ${paths.sandboxes}.lost`,
  });
}
