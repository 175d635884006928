/**
 * One connection to the database file: how it is opened, and the only two ways to use it. Every write is an IMMEDIATE
 * transaction: a deferred one that has read first fails with SQLITE_BUSY at once when another process writes, whatever
 * `busy_timeout` says. SQLite's own errors become ours here and nowhere else.
 */
import { closeSync, openSync } from 'node:fs';
import { TidepoolError } from '@tidepool/core';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from './migrate.ts';

/** Milliseconds a statement waits for another process. It blocks the event loop, so not longer. */
const busyTimeoutMs = 2000;
/** Milliseconds in which a connection must be open: beside us, others may be opening, migrating or recovering it. */
const openingMs = 10_000;

export interface Connection {
  readonly orm: BetterSQLite3Database;
  /** Sees one state of the database throughout. May be nested. */
  read<Result>(inside: () => Result): Result;
  /** All or nothing, and nobody else writes meanwhile. Nested in another, it is a part of that one. */
  write<Result>(inside: () => Result): Result;
  close(): void;
}

/** @throws TidepoolError `busy`, `disk_full`, `not_ready` (read-only, and no database there yet) */
export function openConnection(options: { readonly path: string; readonly readOnly: boolean }): Connection {
  const client = whileBusy(() => (options.readOnly ? openToRead(options.path) : openToWrite(options.path)));
  const transaction = client.transaction((inside: () => unknown) => inside());
  return {
    orm: drizzle({ client }),
    read: (inside) => run(transaction.deferred, inside),
    write: (inside) => {
      if (options.readOnly) throw new Error('This connection was opened to read only.');
      return run(transaction.immediate, inside);
    },
    close: () => client.close(),
  };
}

function run<Result>(transaction: (inside: () => unknown) => unknown, inside: () => Result): Result {
  let result: { value: Result } | undefined;
  try {
    transaction(() => {
      result = { value: inside() };
    });
  } catch (error) {
    throw translated(error);
  }
  if (result === undefined) throw new Error('The transaction did not run.');
  return result.value;
}

function openToWrite(path: string): Database.Database {
  createForOwnerOnly(path);
  const client = new Database(path, { timeout: busyTimeoutMs });
  try {
    client.pragma('journal_mode = WAL');
    // FULL: what was answered with 202 is on the disk, also when the power fails.
    client.pragma('synchronous = FULL');
    client.pragma('foreign_keys = ON');
    // A WAL that grew in a burst gives its space back.
    client.pragma('journal_size_limit = 16777216');
    migrate(client);
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

function openToRead(path: string): Database.Database {
  const client = new Database(path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
  try {
    client.pragma('query_only = ON');
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

/**
 * SQLite gives `-wal` and `-shm` the mode of the database file. Only a missing file is opened here: closing a second
 * descriptor of a database in use would drop this process's locks on it (POSIX).
 */
function createForOwnerOnly(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      if (error.code === 'EEXIST') return;
      if (error.code === 'ENOSPC') throw new TidepoolError('disk_full', { cause: error });
    }
    throw error;
  }
}

/** The change to WAL does not wait for `busy_timeout`, so opening is tried again here. */
function whileBusy<Result>(open: () => Result): Result {
  const until = performance.now() + openingMs;
  for (;;) {
    try {
      return open();
    } catch (error) {
      const ours = translated(error);
      if (!(ours instanceof TidepoolError && ours.code === 'busy') || performance.now() > until) throw ours;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25);
    }
  }
}

/** SQLite's result codes, extended ones included (https://sqlite.org/rescode.html), as better-sqlite3 names them. */
function translated(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (/^SQLITE_(BUSY|LOCKED)/.test(error.code)) return new TidepoolError('busy', { passing: true, cause: error });
  if (/^SQLITE_(FULL|IOERR)/.test(error.code)) return new TidepoolError('disk_full', { cause: error });
  if (error.code.startsWith('SQLITE_CANTOPEN')) {
    return new TidepoolError('not_ready', { detail: 'The database cannot be opened.', passing: true, cause: error });
  }
  return error;
}
