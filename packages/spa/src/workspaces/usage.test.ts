import { expect, test } from 'vitest';
import { formatCores, shareOf, usageNow } from './usage.ts';

const usage = { cpus: 0.25, memoryMiB: 312, diskMiB: null, at: '2026-03-01T12:00:00.000Z' };
const at = Date.parse(usage.at);

test('what was measured a minute ago is not what is taken now', () => {
  expect(usageNow({ usage }, at + 30_000)).toEqual(usage);
  expect(usageNow({ usage }, at + 61_000)).toBeNull();
  expect(usageNow({ usage: null }, at)).toBeNull();
});

test.each([
  [0, '0.00'],
  [0.254, '0.25'],
  [0.999, '1.0'],
  [1.55, '1.6'],
  [9.96, '10'],
  [31.7, '32'],
])('%d cores are %s', (cpus, words) => {
  expect(formatCores(cpus)).toBe(words);
});

test('a share is never more than all', () => {
  expect([shareOf(1, 4), shareOf(5, 4), shareOf(-1, 4)]).toEqual([0.25, 1, 0]);
});
