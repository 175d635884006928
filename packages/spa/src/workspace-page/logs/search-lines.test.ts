import { expect, test } from 'vitest';
import type { NumberedLine } from './log-lines.ts';
import { findLines, linesShown, nextFound, partsOf, shownOf } from './search-lines.ts';

const line = (number: number, message: string, level = 'info'): NumberedLine => ({
  at: '',
  level,
  source: 'instance',
  message,
  number,
  isAfterGap: false,
});
const lines = [line(1, 'GET /orders 200'), line(2, 'slow', 'warn'), line(3, 'POST /Orders failed', 'error')];

test('a search finds whatever the case, and nothing where nothing is searched for', () => {
  expect(findLines(lines, 'ORDERS')).toEqual([1, 3]);
  expect(findLines(lines, '')).toEqual([]);
});

test('found lines are gone through both ways and over the ends, beginning with the newest', () => {
  expect(nextFound([1, 3], null, 1)).toBe(3);
  expect(nextFound([1, 3], 3, 1)).toBe(1);
  expect(nextFound([1, 3], 1, -1)).toBe(3);
  expect(nextFound([1, 3, 9], 3, 1)).toBe(9);
  expect(nextFound([], 3, 1)).toBeNull();
});

test('levels are left out, and what came after a pause', () => {
  expect(linesShown(lines, 'warnings', null).map(({ number }) => number)).toEqual([2, 3]);
  expect(linesShown(lines, 'errors', 2)).toEqual([]);
  expect(linesShown(lines, 'all', 2).map(({ number }) => number)).toEqual([1, 2]);
});

test('what is found is marked and the text stays whole', () => {
  const parts = partsOf('Order orders', 'order');
  expect(parts.filter(({ isFound }) => isFound).map(({ text }) => text)).toEqual(['Order', 'order']);
  expect(parts.map(({ text }) => text).join('')).toBe('Order orders');
});

test('of a line too long to draw, the beginning is shown, and how much more there is', () => {
  expect(shownOf('slow')).toEqual({ text: 'slow', leftOut: 0 });
  const { text, leftOut } = shownOf('x'.repeat(1_000_000));
  expect(text.length).toBeLessThan(10_000);
  expect(text.length + leftOut).toBe(1_000_000);
});
