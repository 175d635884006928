import { expect, test } from 'vitest';
import { isOlder } from './version-order.ts';

test.each([
  ['2.6.2', '2.7.0'],
  ['2.6.2', '2.11.7'],
  ['6', '6.0.4'],
  ['v1.9.9', '2.0'],
])('%s is older than %s, and not the other way round', (older, newer) => {
  expect(isOlder(older, newer)).toBe(true);
  expect(isOlder(newer, older)).toBe(false);
});

test.each([
  ['2.7.0', '2.7.0'],
  ['6.0', '6.0.0'],
  ['v2.7.0', '2.7'],
])('%s is as old as %s', (one, other) => {
  expect(isOlder(one, other)).toBe(false);
  expect(isOlder(other, one)).toBe(false);
});
