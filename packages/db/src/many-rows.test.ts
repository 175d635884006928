/** What is asked for often, of a database that years of use have filled. */
import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { fill } from '../test/fill.ts';
import { openTestStore } from '../test/open-test-store.ts';
import type { WorkspaceQuery } from './store.ts';

function openFilled() {
  const fixture = openTestStore();
  fill(fixture.path, { workspaces: 1_000, jobsOfEach: 10 });
  return fixture;
}

/** All pages of a list, and what its first page says of all. */
function read(query: Omit<WorkspaceQuery, 'limit'>, { store }: ReturnType<typeof openFilled>) {
  const first = store.workspaces({ ...query, limit: 100 });
  const items = [...first.items];
  for (let { nextCursor } = first; nextCursor !== null; ) {
    const page = store.workspaces({ ...query, limit: 100, cursor: nextCursor });
    expect([page.total, page.counts]).toEqual([first.total, first.counts]);
    items.push(...page.items);
    nextCursor = page.nextCursor;
  }
  return { items, total: first.total, counts: first.counts };
}

test.each(['name', 'lastUsed', '-lastUsed'] as const)(
  'the pages by %s hold each of a thousand once, in order',
  (sort) => {
    const { items, total } = read({ sort }, openFilled());
    expect(total).toBe(1_000);
    expect(new Set(items.map(({ id }) => id)).size).toBe(1_000);
    const keys = items.map(({ name, lastAccessedAt }) => (sort === 'name' ? name : (lastAccessedAt ?? '')));
    const sorted = keys.toSorted();
    expect(keys).toEqual(sort === '-lastUsed' ? sorted.toReversed() : sorted);
  },
);

test('what is counted is what the pages hold', () => {
  const fixture = openFilled();
  const { items, total, counts } = read({ search: 'app 7', status: ['running', 'error', 'running'] }, fixture);
  expect(items.length).toBeGreaterThan(1);
  expect(total).toBe(items.length);
  expect(counts.running).toBe(items.length);
  expect(counts.stopped).toBe(read({ search: 'app 7', stopReason: ['requested'] }, fixture).total);
  expect(read({ stopReason: ['shutdown'] }, fixture)).toMatchObject({ items: [], total: 0 });
});

test('what is asked for every second, or by a page, reads through no finished jobs', () => {
  const { path, store } = openFilled();
  const prepare = vi.spyOn(Database.prototype, 'prepare');
  store.sweep();
  store.outbox(100);
  store.counts();
  store.workspaces({ limit: 25 });
  for (const status of ['failed', 'running'] as const) store.jobs({ limit: 25, status: [status] });
  store.jobs({ limit: 25 });
  const asked = new Set(prepare.mock.calls.map(([sql]) => sql).filter((sql) => /from "jobs"/.test(sql)));
  prepare.mockRestore();
  expect(asked.size).toBeGreaterThan(5);
  const client = new Database(path, { readonly: true });
  const planOf = (sql: string) =>
    JSON.stringify(client.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...[...sql.matchAll(/\?/g)].map(() => null)));
  // The newest of all are read in their own order, and no further than the page.
  const filtered = [...asked].filter((sql) => sql.includes('where'));
  expect(filtered.filter((sql) => planOf(sql).includes('SCAN jobs'))).toEqual([]);
  client.close();
});
