import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { asUser, codeOf, temporaryDirectory } from '../test/open-test-store.ts';
import { checkInvariants } from './check-invariants.ts';
import { createStore } from './create-store.ts';

const at = '2026-03-01T12:00:00.000Z';
const changedAt = '2026-03-02T12:00:00.000Z';
const options = { budgetMiB: 100_000, leaseMs: 30_000 };

/** A database as Tidepool of schema 2 left it, with rows of every kind that the later ones touch. */
function databaseOfSchema2(): string {
  const path = `${temporaryDirectory()}/tidepool.db`;
  const client = new Database(path);
  client.pragma('journal_mode = WAL');
  client.pragma('foreign_keys = ON');
  for (const file of ['0001-initial.sql', '0002-disk-and-usage.sql']) {
    client.exec(readFileSync(new URL(`../migrations/${file}`, import.meta.url), 'utf8'));
  }
  client.pragma('user_version = 2');
  const addJob =
    client.prepare(`INSERT INTO jobs (id, workspace_id, workspace_name, kind, status, behind, cancel_requested,
      steps, fence, lease_until_ms, created_at, finished_at)
    VALUES (@id, @workspace, @workspace, @kind, @status, @behind, @cancelled, @steps, @fence, @lease, '${at}', @finished)`);
  const job = (row: Record<string, unknown>) =>
    addJob.run({ behind: null, cancelled: 0, steps: '[]', fence: 1, lease: null, finished: null, ...row });
  const addWorkspace = client.prepare(`INSERT INTO workspaces (id, name, status, image, cpus, memory_mib, disk_gib,
      allotted_cpus, allotted_mib, lock_job_id, fence, created_at, updated_at, started_at)
    VALUES (@id, @id, @status, 'workspace@1', 2, 1024, 30, 2, 1024, @lock, 2, '${at}', '${changedAt}', '${at}')`);

  const done = { status: 'succeeded', finished: at };
  const steps = `[{"name":"ensureRoutes","status":"succeeded","startedAt":"${at}","durationMs":3}]`;
  job({ id: 'j1', workspace: 'calm', kind: 'create', steps, ...done });
  job({ id: 'j2', workspace: 'calm', kind: 'routes', fence: 2, status: 'queued' });
  addWorkspace.run({ id: 'calm', status: 'running', lock: 'j2' });
  job({ id: 'j3', workspace: 'doomed', kind: 'restart', status: 'running', cancelled: 1, fence: 2, lease: 9e12 });
  job({ id: 'j4', workspace: 'doomed', kind: 'delete', status: 'waiting', behind: 'j3', fence: 0 });
  addWorkspace.run({ id: 'doomed', status: 'deleting', lock: 'j3' });
  job({ id: 'j5', workspace: 'gone', kind: 'delete', ...done });
  client.exec(`INSERT INTO tombstones VALUES ('gone', 'gone', '${at}')`);
  const addActivity =
    client.prepare(`INSERT INTO activity (at, type, actor, workspace_id, workspace_name, message, detail)
    VALUES ('${at}', ?, 'system', ?, ?, 'Done', ?)`);
  addActivity.run('workspace.settled', 'calm', 'calm', '{"job":{"id":"j1","kind":"create","status":"succeeded"}}');
  addActivity.run('workspace.gone', 'gone', 'gone', '{"job":{"id":"j5","kind":"delete","status":"succeeded"}}');
  client.exec(`INSERT INTO ports VALUES ('calm', 3000, NULL, 1, '${at}')`);
  client.close();
  return path;
}

test('a database of schema 2 is brought to the newest with all its rows, and goes on', () => {
  const path = databaseOfSchema2();
  // What refers to a job by its place in the table, or to the table itself, is not to be lost with the old one.
  const before = rowsOf(path, 'SELECT seq, id, kind, status, behind, steps, fence, created_at FROM jobs');
  const store = createStore({ ...options, path });
  expect(rowsOf(path, 'SELECT seq, id, kind, status, behind, steps, fence, created_at FROM jobs')).toEqual(before);
  expect(store.job('j1')?.plan).toEqual([
    'ensureInstance',
    'ensureRunning',
    'ensureAddress',
    'ensureIde',
    'ensureRoutes',
  ]);
  expect(store.job('j2')?.plan).toEqual(['ensureRoutes']);
  expect(store.job('j3')?.plan.slice(0, 3)).toEqual(['removeRoutes', 'stopInstance', 'ensureInstance']);
  expect(store.workspace('calm')).toMatchObject({
    source: null,
    jobId: 'j2',
    ports: [{ port: 3000 }],
    inForce: { diskGiB: 30 },
    statusSince: changedAt,
  });
  expect(checkInvariants(path)).toEqual([]);

  const source = { git: 'https://example.org/a.git' };
  const { job } = store.create({ name: 'new', image: 'i', cpus: 1, memoryMiB: 512, diskGiB: 20, source }, asUser);
  expect(rowsOf(path, `SELECT seq FROM jobs WHERE id = '${job.id}'`)).toEqual([{ seq: 6 }]);
  expect(checkInvariants(path)).toEqual([]);
  store.close();
});

test('the new table of jobs is referred to as the old one was', () => {
  const path = databaseOfSchema2();
  createStore({ ...options, path }).close();
  const keys = (table: string) => rowsOf(path, `SELECT "table", "from", "to" FROM pragma_foreign_key_list('${table}')`);
  expect(keys('workspaces')).toEqual([{ table: 'jobs', from: 'lock_job_id', to: 'id' }]);
  expect(keys('jobs')).toEqual([{ table: 'jobs', from: 'behind', to: 'id' }]);
  const client = new Database(path);
  client.pragma('foreign_keys = ON');
  expect(() => client.exec("DELETE FROM jobs WHERE id = 'j2'")).toThrow('FOREIGN KEY');
  client.close();
});

test('a database with a key that points nowhere is left as it is', () => {
  const path = databaseOfSchema2();
  const client = new Database(path);
  client.pragma('foreign_keys = OFF');
  client.exec("DELETE FROM jobs WHERE id = 'j2'");
  client.close();
  expect(() => createStore({ ...options, path })).toThrow('points nowhere');
  expect(rowsOf(path, 'PRAGMA user_version')).toEqual([{ user_version: 2 }]);
});

test('a database of a newer Tidepool is refused', () => {
  const path = databaseOfSchema2();
  const client = new Database(path);
  client.pragma('user_version = 1000');
  client.close();
  expect(codeOf(() => createStore({ ...options, path }))).toBe('invalid_config');
});

function rowsOf(path: string, query: string): unknown[] {
  const client = new Database(path, { readonly: true });
  try {
    return client.prepare(query).all();
  } finally {
    client.close();
  }
}
