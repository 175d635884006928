/**
 * Brings a database to the newest schema: the numbered files of `migrations/` above its `user_version`, in one
 * immediate transaction. Two processes that start at once are safe: the second waits, looks again and finds it done.
 * (Drizzle's own migrator reads what is applied before its deferred transaction begins.) Foreign keys are off meanwhile,
 * so that a table may be made anew, and are checked before the end; inside a transaction that pragma does nothing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { TidepoolError } from '@tidepool/core';
import type Database from 'better-sqlite3';

const directory = new URL('../migrations/', import.meta.url);

/** @throws TidepoolError `invalid_config` where a newer Tidepool wrote the database */
export function migrate(client: Database.Database): void {
  const migrations = readMigrations();
  const newest = migrations.length;
  if (versionOf(client) === newest) return;
  const enforced = client.pragma('foreign_keys', { simple: true });
  client.pragma('foreign_keys = OFF');
  try {
    client
      .transaction(() => {
        const version = versionOf(client);
        if (version > newest) throw writtenByNewer(version, newest);
        for (const sql of migrations.slice(version)) client.exec(sql);
        const orphans = client.prepare('PRAGMA foreign_key_check').all();
        if (orphans.length > 0) throw new Error(`A foreign key points nowhere: ${JSON.stringify(orphans[0])}`);
        client.pragma(`user_version = ${newest}`);
      })
      .immediate();
  } finally {
    client.pragma(`foreign_keys = ${enforced}`);
  }
}

/** In order; `0001` is first, and none is missing between. */
function readMigrations(): string[] {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  for (const [index, file] of files.entries()) {
    if (Number.parseInt(file, 10) !== index + 1) throw new Error(`migrations/${file} is out of order.`);
  }
  return files.map((file) => readFileSync(new URL(file, directory), 'utf8'));
}

function versionOf(client: Database.Database): number {
  return Number(client.pragma('user_version', { simple: true }));
}

function writtenByNewer(version: number, newest: number): TidepoolError {
  return new TidepoolError('invalid_config', {
    detail: `The database has schema ${version}; this Tidepool knows ${newest} and below.`,
    fix: 'Start the version of Tidepool that wrote it, or choose another TIDEPOOL_HOME.',
  });
}
