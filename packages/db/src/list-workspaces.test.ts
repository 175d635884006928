import { expect, test } from 'vitest';
import { asUser, openTestStore } from '../test/open-test-store.ts';
import type { WorkspaceQuery } from './store.ts';

/** Reads all pages of `limit`. */
function names({ store }: ReturnType<typeof openTestStore>, query: Omit<WorkspaceQuery, 'cursor'>): string[] {
  const all: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = store.workspaces({ ...query, cursor });
    all.push(...page.items.map(({ name }) => name));
    if (page.nextCursor === null) return all;
    cursor = page.nextCursor;
  }
}

test('by use: the never used first, the same page by page, and the other way round', () => {
  const fixture = openTestStore();
  const ids = ['alpha', 'bravo', 'chips', 'delta', 'earth'].map((name) => fixture.running(name));
  for (const [index, at] of [
    ['1', 13],
    ['3', 11],
    ['4', 12],
  ] as const) {
    fixture.store.accessed(ids[Number(index)] ?? '', new Date(`2026-03-01T${at}:00:00.000Z`));
  }
  const leastFirst = ['alpha', 'chips', 'delta', 'earth', 'bravo'];
  for (const limit of [1, 2, 5]) {
    expect(names(fixture, { limit, sort: 'lastUsed' })).toEqual(leastFirst);
    expect(names(fixture, { limit, sort: '-lastUsed' })).toEqual(['bravo', 'earth', 'delta', 'alpha', 'chips']);
  }
});

test('a cursor of another order is refused', () => {
  const { store, running } = openTestStore();
  for (const name of ['alpha', 'bravo']) running(name);
  const cursor = store.workspaces({ limit: 1, sort: 'lastUsed' }).nextCursor ?? '';
  expect(() => store.workspaces({ limit: 1, cursor })).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
});

test('found by part of a name, by image, by the label of a port and by its number', () => {
  const fixture = openTestStore();
  const { store } = fixture;
  for (const name of ['alpha', 'bravo', 'chips']) fixture.running(name);
  store.addPort('bravo', { port: 3000, label: 'Shop Front', stripPrefix: true }, asUser);
  const found = (search: string) => names(fixture, { limit: 10, search });
  expect([found('LPH'), found('shop f'), found('3000'), found('300')]).toEqual([['alpha'], ['bravo'], ['bravo'], []]);
  expect(found(store.workspace('alpha')?.image ?? '')).toEqual(['alpha', 'bravo', 'chips']);
});

test('several statuses at once; what is counted follows the search, not the status', () => {
  const { store, running, stopped, request } = openTestStore();
  running('web-one');
  stopped('web-two');
  request('web-new');
  running('other');
  const page = store.workspaces({ limit: 1, search: 'web', status: ['running', 'stopped'] });
  expect(page).toMatchObject({ total: 2, items: [{ name: 'web-one' }] });
  expect(page.counts).toMatchObject({ running: 1, stopped: 1, creating: 1, error: 0 });
});
