import { expect, test } from 'vitest';
import { formatAbout, formatAgo, formatDuration, formatExact } from './durations.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Local noon: the calendar's days are the reader's. */
const now = new Date(2026, 2, 11, 12, 0, 0).getTime();

const ago = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });

test.each([
  [-5_000, ago.format(0, 'second')],
  [10_000, ago.format(0, 'second')],
  [50_000, ago.format(-1, 'minute')],
  [3 * minute, ago.format(-3, 'minute')],
  // As a run of that long is «for 3 min».
  [4 * minute - 1, ago.format(-3, 'minute')],
  [59 * minute, ago.format(-59, 'minute')],
  [2 * hour, ago.format(-2, 'hour')],
  [11 * hour, ago.format(-11, 'hour')],
  [20 * hour, ago.format(-1, 'day')],
  [30 * hour, ago.format(-1, 'day')],
  [3 * 24 * hour, ago.format(-3, 'day')],
])('%i ms before is «%s»', (span, words) => {
  expect(formatAgo(now - span, now)).toBe(words);
});

test('what is older than a week has its date', () => {
  expect(formatAgo(new Date(2026, 0, 2, 9).getTime(), now)).toContain('2026');
});

test('late in the evening is yesterday, but an hour over midnight is an hour', () => {
  const past = new Date(2026, 2, 11, 0, 30).getTime();
  expect(formatAgo(past - hour, past)).toBe(ago.format(-1, 'hour'));
});

test('the exact time says its zone', () => {
  const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' }).formatToParts(now).at(-1)?.value ?? '';
  expect(zone).not.toBe('');
  expect(formatExact(now)).toContain(zone);
});

test.each([
  [-3, '0.00 s'],
  [420, '0.42 s'],
  [12_340, '12.3 s'],
  [3 * minute + 5_000, '3 min'],
  [2 * hour, '2 h'],
  [2 * hour + 14 * minute, '2 h 14 min'],
  [50 * hour, '2 days'],
])('%i ms take «%s»', (ms, words) => {
  expect(formatDuration(ms)).toBe(words);
});

test.each([
  [20, '0.1 s'],
  [1_440, '1.4 s'],
  [23_400, '23 s'],
])('%i ms are about «%s»', (ms, words) => {
  expect(formatAbout(ms)).toBe(words);
});
