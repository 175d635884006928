import { expect, test } from 'vitest';
import { countOf, everything, filterOf, filterQuery, statusesOf } from './filter.ts';

test.each([
  ['', everything],
  ['search=api', { ...everything, search: 'api' }],
  ['search=web+app&status=changing&sort=-lastUsed', { search: 'web app', group: 'changing', sort: '-lastUsed' }],
] as const)('the address «%s» says what is shown, and the other way round', (address, filter) => {
  expect(filterOf(new URLSearchParams(address))).toEqual(filter);
  expect(filterQuery(filter)).toBe(address);
});

test('what an address says that nobody understands is left', () => {
  expect(filterOf(new URLSearchParams('status=painted&sort=colour'))).toEqual(everything);
  expect(filterOf(new URLSearchParams({ search: ` ${'a'.repeat(60)}` })).search).toHaveLength(40);
});

test('each status is in one group', () => {
  expect(statusesOf('changing')).toEqual(['creating', 'starting', 'stopping', 'deleting']);
  const counts = { creating: 1, starting: 2, running: 3, stopping: 4, stopped: 5, error: 6, deleting: 7 };
  expect(countOf(counts, 'changing')).toBe(14);
  expect(countOf(counts, null)).toBe(28);
});
