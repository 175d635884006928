import { activity, job, workspace } from '@tidepool/core';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hostRecord } from '../test/host-record.ts';
import { asUser, codeOf, openTestStore } from '../test/open-test-store.ts';
import { createStore } from './create-store.ts';
import { currentHolder } from './holder.ts';

test('the version is another one once another store has committed, and only then', () => {
  const { store, path } = openTestStore();
  const other = createStore({ path, budgetMiB: 1024, leaseMs: 1000 });
  onTestFinished(() => other.close());
  const before = other.version();
  expect([other.version(), other.activityBounds(), other.version()]).toEqual([before, { first: 0, last: 0 }, before]);
  store.workerHeartbeat(currentHolder());
  const after = other.version();
  expect(after).not.toBe(before);
  other.workerHeartbeat(currentHolder());
  expect(other.version()).toBe(after);
});

test('what is read passes the contract', () => {
  const { store, running, request, claim, finish, failure } = openTestStore();
  const id = running('web');
  store.addPort(id, { port: 3000, label: 'app', stripPrefix: true }, asUser);
  const failed = request('failed');
  finish(failed.job.id, failure(true));
  const busy = request('busy');
  store.stepStarted(busy.job.id, claim(busy.job.id).fence, 'ensureInstance');
  store.act('busy', 'delete', asUser);
  for (const each of store.allWorkspaces()) expect(workspace.parse(each)).toEqual(each);
  for (const each of [failed, busy]) expect(job.parse(store.job(each.job.id))).toEqual(store.job(each.job.id));
  for (const each of store.activitySince(0, 100)) expect(activity.parse(each)).toEqual(each);
});

describe('lists', () => {
  test('workspaces come by name, page by page', () => {
    const { store, request } = openTestStore();
    for (const name of ['delta', 'alpha', 'charlie', 'bravo', 'echo']) request(name);
    const first = store.workspaces({ limit: 2 });
    const second = store.workspaces({ limit: 2, cursor: first.nextCursor ?? undefined });
    const third = store.workspaces({ limit: 2, cursor: second.nextCursor ?? undefined });
    const names = [first, second, third].map((page) => page.items.map(({ name }) => name));
    expect(names).toEqual([['alpha', 'bravo'], ['charlie', 'delta'], ['echo']]);
    expect(third.nextCursor).toBeNull();
  });

  test('a full last page has no next', () => {
    const { store, request } = openTestStore();
    for (const name of ['alpha', 'bravo']) request(name);
    expect(store.workspaces({ limit: 2 }).nextCursor).toBeNull();
  });

  test('status and search narrow them; what search means literally stays literal', () => {
    const { store, request, running } = openTestStore();
    request('web-app');
    running('web-site');
    request('tools');
    const names = (query: Parameters<typeof store.workspaces>[0]) =>
      store.workspaces(query).items.map(({ name }) => name);
    expect(names({ limit: 10, search: 'WEB' })).toEqual(['web-app', 'web-site']);
    expect(names({ limit: 10, search: 'web', status: ['running'] })).toEqual(['web-site']);
    expect(names({ limit: 10, search: '%' })).toEqual([]);
    expect(names({ limit: 10, search: '_' })).toEqual([]);
  });

  test('activity comes newest first, page by page, also of a workspace that is gone', () => {
    const { store, stopped, finish } = openTestStore();
    const id = stopped('web');
    finish(store.act(id, 'delete', asUser).job.id);
    const all = store.activity({ workspaceId: id, limit: 100 }).items.map((row) => row.id);
    expect(all).toEqual(all.toSorted((one, other) => other - one));
    const paged: number[] = [];
    let cursor: string | undefined;
    do {
      const page = store.activity({ workspaceId: id, limit: 2, cursor });
      paged.push(...page.items.map((row) => row.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(paged).toEqual(all);
  });

  test.each([
    '',
    'x',
    'null',
    '!!',
    'eyJhIjoxfQ',
    Buffer.from('workspaces:').toString('base64url'),
    'd29ya3NwYWNlczphYmM=',
  ])('the cursor %j is refused', (cursor) => {
    const { store } = openTestStore();
    expect(codeOf(() => store.workspaces({ limit: 2, cursor }))).toBe('invalid_cursor');
    expect(codeOf(() => store.activity({ workspaceId: 'x', limit: 2, cursor }))).toBe('invalid_cursor');
  });

  test('the cursor of one list is none of another', () => {
    const { store, request } = openTestStore();
    for (const name of ['alpha', 'bravo']) request(name);
    const { nextCursor } = store.workspaces({ limit: 1 });
    expect(codeOf(() => store.activity({ workspaceId: 'x', limit: 1, cursor: nextCursor ?? '' }))).toBe(
      'invalid_cursor',
    );
  });
});

test('the activity is followed from an id on, and its bounds survive pruning', () => {
  const { store, path, running, pass } = openTestStore();
  expect(store.activityBounds()).toEqual({ first: 0, last: 0 });
  running('web');
  expect(store.activityBounds()).toEqual({ first: 1, last: 3 });
  expect(store.activitySince(1, 1).map(({ id }) => id)).toEqual([2]);
  const client = new Database(path);
  client.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 14999)
    INSERT INTO activity (at, type, actor, message, detail)
    SELECT '2026-03-01T12:00:00.000Z', 'host.changed', 'system', 'x', '{}' FROM n`);
  client.close();
  store.prune(14);
  expect(store.activityBounds()).toEqual({ first: 1, last: 15_002 });
  pass(15 * 24 * 60 * 60 * 1000);
  store.prune(14);
  expect(store.activityBounds()).toEqual({ first: 5_003, last: 15_002 });
});

test('the database has one id for life, and another has another', () => {
  const { store } = openTestStore();
  expect(store.databaseId()).toMatch(/^[0-9a-f]{24}$/);
  expect(store.databaseId()).toBe(store.databaseId());
  expect(openTestStore().store.databaseId()).not.toBe(store.databaseId());
});

test('typical times are medians from acceptance to success', () => {
  const { store, request, finish, pass } = openTestStore();
  expect(store.typical()).toEqual({ createMs: null, startMs: null, stopMs: null, steps: {} });
  for (const [index, took] of [1_000, 9_000, 2_000].entries()) {
    const { job: creation } = request(`web-${String.fromCharCode(97 + index)}`);
    pass(took);
    finish(creation.id);
  }
  expect(store.typical()).toMatchObject({ createMs: 2_000, startMs: null });
});

test('a worker is alive while its process and its heartbeat are', () => {
  const { store, worker, kill, pass } = openTestStore({ leaseMs: 30_000 });
  expect(store.workerAlive()).toBe(false);
  const first = worker();
  const second = worker();
  store.workerHeartbeat(first);
  store.workerHeartbeat(second);
  expect(store.workerAlive()).toBe(true);
  kill(second);
  expect(store.workerAlive()).toBe(true);
  pass(30_001);
  expect(store.workerAlive()).toBe(false);
  store.workerHeartbeat(first);
  expect(store.workerAlive()).toBe(true);
  kill(first);
  expect(store.workerAlive()).toBe(false);
});

test('the host is told of when something about it changed, not at every look', () => {
  const { store } = openTestStore();
  expect(store.host()).toBeNull();
  store.writeHost(hostRecord);
  store.writeHost({
    ...hostRecord,
    observedAt: '2026-03-01T12:01:00.000Z',
    disk: { ...hostRecord.disk, freeMiB: 49_999 },
  });
  expect(store.host()?.disk.freeMiB).toBe(49_999);
  expect(store.activityBounds().last).toBe(1);
  store.writeHost({ ...hostRecord, routes: { ...hostRecord.routes, healthy: false } });
  expect(store.activitySince(0, 10).map(({ type }) => type)).toEqual(['host.changed', 'host.changed']);
});
