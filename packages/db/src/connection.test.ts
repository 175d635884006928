import { existsSync, statSync, symlinkSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { asUser, codeOf, openTestStore, temporaryDirectory } from '../test/open-test-store.ts';
import { openConnection } from './connection.ts';
import { createStore } from './create-store.ts';

const options = { budgetMiB: 4096, leaseMs: 30_000 };

test("the file and what SQLite puts beside it are the owner's only", () => {
  const { path, request } = openTestStore();
  request('web');
  for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a connection keeps foreign keys, and has what it answered on the disk', () => {
  const path = `${temporaryDirectory()}/tidepool.db`;
  const { orm, close } = openConnection({ path, readOnly: false });
  const pragma = (name: string) => orm.get<Record<string, unknown>>(`PRAGMA ${name}`);
  expect(pragma('journal_mode')).toEqual({ journal_mode: 'wal' });
  expect(pragma('synchronous')).toEqual({ synchronous: 2 });
  expect(pragma('foreign_keys')).toEqual({ foreign_keys: 1 });
  close();
});

test('a connection opened to read sees what others write, and writes nothing', () => {
  const { path, request } = openTestStore();
  const reader = createStore({ ...options, path, readOnly: true });
  request('web');
  expect(reader.workspace('web')?.name).toBe('web');
  expect(() => reader.create({ name: 'other', image: 'i', cpus: 1, memoryMiB: 512, diskGiB: 20 }, asUser)).toThrow(
    'read only',
  );
  expect(() => reader.sent('x')).toThrow('read only');
  reader.close();
});

test('a connection opened to read makes no database', () => {
  const path = `${temporaryDirectory()}/tidepool.db`;
  expect(codeOf(() => createStore({ ...options, path, readOnly: true }))).toBe('not_ready');
  expect(existsSync(path)).toBe(false);
});

test('a database that somebody else keeps locked is busy after two seconds, and well again after', () => {
  const { path, store, request } = openTestStore();
  const other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
  const began = performance.now();
  expect(codeOf(() => request('web'))).toBe('busy');
  expect(performance.now() - began).toBeGreaterThan(1_500);
  expect(store.workspace('web')).toBeNull();
  other.exec('ROLLBACK');
  other.close();
  expect(request('web').workspace.name).toBe('web');
});

test('a database of a newer Tidepool is left alone', () => {
  const { path, store } = openTestStore();
  store.close();
  const client = new Database(path);
  client.pragma('user_version = 999');
  client.close();
  expect(codeOf(() => createStore({ ...options, path }))).toBe('invalid_config');
});

test.each([
  ['SQLITE_FULL', 'disk_full', false],
  ['SQLITE_IOERR_SHMSIZE', 'disk_full', false],
  ['SQLITE_IOERR_READ', 'internal', true],
  ['SQLITE_IOERR_FSYNC', 'internal', true],
])('%s is told as %s, passing: %s', (reported, code, passing) => {
  const { write, close } = openConnection({ path: `${temporaryDirectory()}/tidepool.db`, readOnly: false });
  const work = () => {
    throw new Database.SqliteError('as reported', reported);
  };
  expect(() => write(work)).toThrow(expect.objectContaining({ code, passing }));
  close();
});

test('work that has begun is never done again, whatever it throws', () => {
  const { write, close } = openConnection({ path: `${temporaryDirectory()}/tidepool.db`, readOnly: false });
  let times = 0;
  const work = () => {
    times++;
    throw new Database.SqliteError('database is locked', 'SQLITE_BUSY');
  };
  expect(codeOf(() => write(work))).toBe('busy');
  expect(times).toBe(1);
  close();
});

test('a note is not waited for, what is written after it is', () => {
  const path = `${temporaryDirectory()}/tidepool.db`;
  const { orm, write, note, close } = openConnection({ path, readOnly: false });
  const synchronous = () => orm.get<{ synchronous: number }>('PRAGMA synchronous').synchronous;
  expect([note(synchronous), write(synchronous), write(() => note(synchronous))]).toEqual([1, 2, 2]);
  const failing = () => {
    throw new Error('no');
  };
  expect(() => note(failing)).toThrow('no');
  expect(write(synchronous)).toBe(2);
  close();
});

test('a flush without a log has nothing to sync; what cannot be synced is said', async () => {
  const path = `${temporaryDirectory()}/tidepool.db`;
  const { orm, note, flush, close } = openConnection({ path, readOnly: false });
  note(() => orm.run('CREATE TABLE noted (id)'));
  await flush();
  close();
  expect(existsSync(`${path}-wal`)).toBe(false);
  await flush();
  // What has no disk below it.
  symlinkSync('/proc/self/mem', `${path}-wal`);
  await expect(flush()).rejects.toThrow('EINVAL');
});
