/** What is asked for often, of a database that years of use have filled. */
import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { fill } from '../test/fill.ts';
import { asUser, codeOf, openTestStore } from '../test/open-test-store.ts';
import { createStore } from './create-store.ts';
import type { WorkspaceQuery } from './store.ts';

function openFilled() {
  const fixture = openTestStore({ budgetMiB: 200_000 });
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

test('what is asked for often reads through no finished jobs, and through no workspaces but those it is about', () => {
  const fixture = openFilled();
  const { path, store } = fixture;
  const id = fixture.running('web');
  fixture.finish(store.act(id, 'stop', asUser).job.id);
  const prepare = vi.spyOn(Database.prototype, 'prepare');
  // What each connection prepares when it opens.
  createStore({ path, budgetMiB: 1, leaseMs: 1 }).close();
  store.sweep();
  store.outbox(100);
  store.typical();
  store.capacity();
  store.registeredPorts();
  store.workspaces({ limit: 25, status: ['running'] });
  store.workspaces({ limit: 25, status: ['running'], sort: 'lastUsed' });
  for (const status of ['failed', 'running'] as const) store.jobs({ limit: 25, status: [status] });
  // Accepted, refused for each reason, at work and settled.
  expect(codeOf(() => store.act(id, 'stop', asUser))).toBe('wrong_status');
  expect(codeOf(() => fixture.request('large', 199_000))).toBe('capacity_exhausted');
  const { job } = store.act(id, 'start', asUser);
  const { fence, portsVersion } = fixture.claim(job.id);
  store.heartbeat(job.id, fence);
  store.guarded(job.id, fence, () => undefined);
  store.stepStarted(job.id, fence, 'ensureRunning');
  store.settle(job.id, fence, { outcome: 'succeeded', address: 'a', portsVersion });
  store.activity({ workspaceId: id, limit: 25 });
  store.activitySince(1, 25);
  const asked = new Set(prepare.mock.calls.map(([sql]) => sql).filter((sql) => /where/.test(sql)));
  prepare.mockRestore();
  expect(asked.size).toBeGreaterThan(25);
  const client = new Database(path, { readonly: true });
  const plansOf = (sql: string) =>
    client
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...[...sql.matchAll(/\?/g)].map(() => null))
      .map(({ detail }) => `${detail}: ${sql}`);
  const plans = [...asked].flatMap(plansOf);
  expect(plans.filter((plan) => /^SCAN (jobs|workspaces|activity)/.test(plan))).toEqual([]);
  // An index on the status alone is none: nearly all jobs have succeeded.
  const ofFinished = plans.filter((plan) => /"finished_at" desc/.test(plan));
  expect(ofFinished.length).toBeGreaterThan(1);
  for (const plan of ofFinished) expect(plan).toMatch(/^SEARCH jobs USING INDEX jobs_(finished|of_workspace) /);
  client.close();
});

test('what is forgotten is what is old, and nothing else is read for it', () => {
  const { path, store, pass, request } = openTestStore();
  const client = new Database(path);
  const add = client.prepare(
    `INSERT INTO activity (at, type, actor, message, detail) VALUES (?, 'x', 'system', '', '{}')`,
  );
  const day = (date: number) => new Date(Date.UTC(2026, 0, date)).toISOString();
  client.transaction(() => {
    for (let count = 0; count < 5_000; count++) add.run(day(1));
    // A clock that was wrong for a moment.
    add.run(day(20));
    for (let count = 0; count < 11_000; count++) add.run(day(2));
  })();
  store.prune(45);
  expect(store.activityBounds().first).toBe(5_001);
  request('web');
  // By then it is old, too, and the newest 10,000 stay.
  pass(30 * 86_400_000);
  store.prune(45);
  const { first, last } = store.activityBounds();
  expect(last - first + 1).toBe(10_000);
  client.close();
});
