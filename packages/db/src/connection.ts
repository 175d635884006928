/**
 * One connection to the database file: how it is opened, and the only ways to use it. Every write is an IMMEDIATE
 * transaction: a deferred one that has read first fails with SQLITE_BUSY at once when another process writes, however
 * long it would wait. SQLite's own errors become ours here and nowhere else.
 */
import { closeSync, openSync } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { TidepoolError } from '@tidepool/core';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from './drizzle.ts';
import { defineFolded } from './folded.ts';
import { migrate } from './migrate.ts';

/** Milliseconds a transaction waits for another process. It blocks the event loop, so not longer. */
const waitMs = 2000;
/** Milliseconds in which a connection must be open: beside us, others may be opening, migrating or recovering it. */
const openMs = 10_000;
/**
 * Milliseconds between two looks at a lock that another has. SQLite's own `busy_timeout` looks after 1, 2, 5, … and soon
 * every 100 ms, and so misses the gaps that a busy writer leaves: under load it gave up after 2 s now and then (ADR
 * 0004). So it is off, and we look ourselves.
 */
const lookMs = 1;

export interface Connection {
  readonly orm: BetterSQLite3Database;
  /** Sees one state of the database throughout. May be nested. */
  read<Result>(inside: () => Result): Result;
  /** All or nothing, and nobody else writes meanwhile. Nested in another, it is a part of that one. */
  write<Result>(inside: () => Result): Result;
  /**
   * As `write`, for what only tells how far something is: nobody waits for the disk. It outlives every process, but the
   * last of it may be lost when the power fails, together and never in part.
   */
  note<Result>(inside: () => Result): Result;
  /**
   * Another number once another connection has committed; costs a fifth of a query that finds nothing
   * (https://sqlite.org/pragma.html#pragma_data_version).
   */
  version(): number;
  /** Resolves once all that was written is on the disk, notes too, and holds nobody up meanwhile. Rejects with the disk's error. */
  flush(): Promise<void>;
  close(): void;
}

/** @throws TidepoolError `busy`, `disk_full`, `not_ready` (read-only, and no database there yet) */
export function openConnection(options: { readonly path: string; readonly readOnly: boolean }): Connection {
  const client = patiently(openMs, () => (options.readOnly ? openToRead(options.path) : openToWrite(options.path)));
  const versions = client.prepare<[], number>('PRAGMA data_version').pluck();
  const transaction = client.transaction((inside: () => unknown) => inside());
  const write = <Result>(inside: () => Result): Result => {
    if (options.readOnly) throw new Error('This connection was opened to read only.');
    if (client.inTransaction) return resultOf(transaction, inside);
    let begun = false;
    const once = () => {
      begun = true;
      return inside();
    };
    return patiently(
      waitMs,
      () => resultOf(transaction.immediate, once),
      () => !begun,
    );
  };
  return {
    orm: drizzle({ client }),
    read: (inside) => {
      if (client.inTransaction) return inside();
      return patiently(waitMs, () => resultOf(transaction.deferred, inside));
    },
    write,
    note: (inside) => {
      // In a transaction of others it is a part of that one, and no setting can be changed.
      if (client.inTransaction) return write(inside);
      // In WAL mode a commit then syncs nothing; the next one that does syncs what came before it, too
      // (https://sqlite.org/pragma.html#pragma_synchronous).
      client.pragma('synchronous = NORMAL');
      try {
        return write(inside);
      } finally {
        client.pragma('synchronous = FULL');
      }
    },
    version: () => patiently(waitMs, () => versionOf(versions.get())),
    flush: () => syncLog(options.path),
    close: () => client.close(),
  };
}

function versionOf(row: number | undefined): number {
  if (row === undefined) throw new Error('Every database has a version.');
  return row;
}

/** Tries until nobody else is in the way, while `mayRepeat`; what SQLite throws becomes ours. */
function patiently<Result>(forMs: number, attempt: () => Result, mayRepeat: () => boolean = () => true): Result {
  const until = performance.now() + forMs;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || !mayRepeat() || performance.now() >= until) throw translated(error);
      Atomics.wait(nobodyWakes, 0, 0, lookMs);
    }
  }
}

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

/** better-sqlite3 takes and gives anything; this keeps the type. */
function resultOf<Result>(transaction: (inside: () => unknown) => unknown, inside: () => Result): Result {
  let result: { value: Result } | undefined;
  transaction(() => {
    result = { value: inside() };
  });
  if (result === undefined) throw new Error('The transaction did not run.');
  return result.value;
}

function openToWrite(path: string): Database.Database {
  createForOwnerOnly(path);
  const client = new Database(path, { timeout: 0 });
  try {
    client.pragma('journal_mode = WAL');
    // FULL: what was answered with 202 is on the disk, also when the power fails.
    client.pragma('synchronous = FULL');
    client.pragma('foreign_keys = ON');
    // A WAL that grew in a burst gives its space back.
    client.pragma('journal_size_limit = 16777216');
    migrate(client);
    defineFolded(client);
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

function openToRead(path: string): Database.Database {
  const client = new Database(path, { readonly: true, fileMustExist: true, timeout: 0 });
  try {
    client.pragma('query_only = ON');
    defineFolded(client);
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

/** What is not in the log any more, SQLite has synced itself. It locks the other two files, never this one, so this one may be closed. */
async function syncLog(path: string): Promise<void> {
  try {
    // Beside what the path leads to.
    await using log = await open(`${await realpath(path)}-wal`, 'r');
    await log.datasync();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/** SQLite's result codes, extended ones included (https://sqlite.org/rescode.html), as better-sqlite3 names them. */
function translated(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (isBusy(error)) return new TidepoolError('busy', { passing: true, cause: error });
  // SHMSIZE: the `-shm` file could not grow. For every other write SQLite tells want of space itself, as FULL.
  if (error.code === 'SQLITE_FULL' || error.code === 'SQLITE_IOERR_SHMSIZE') {
    return new TidepoolError('disk_full', { cause: error });
  }
  if (error.code.startsWith('SQLITE_IOERR')) {
    const detail = 'The database could not be read or written: the disk reports an error.';
    return new TidepoolError('internal', { detail, passing: true, cause: error });
  }
  if (error.code.startsWith('SQLITE_CANTOPEN')) {
    return new TidepoolError('not_ready', { detail: 'The database cannot be opened.', passing: true, cause: error });
  }
  return error;
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code);
}
