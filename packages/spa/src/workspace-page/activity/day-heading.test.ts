import { expect, test } from 'vitest';
import { dayHeading } from './day-heading.ts';

const noon = new Date(2026, 2, 1, 12).getTime();
const hour = 60 * 60 * 1_000;
const words = (at: number, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(undefined, options).format(at);
const shortDate = { weekday: 'long', day: 'numeric', month: 'long' } as const;

test('today and yesterday are called so, by the calendar and not by hours', () => {
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  expect(dayHeading(noon - 11 * hour, noon).toLowerCase()).toContain(relative.format(0, 'day').toLowerCase());
  expect(dayHeading(noon - 13 * hour, noon).toLowerCase()).toContain(relative.format(-1, 'day').toLowerCase());
});

test('older days are their date, of another year with the year', () => {
  expect(dayHeading(noon - 72 * hour, noon)).toBe(words(noon - 72 * hour, shortDate));
  expect(dayHeading(noon - 90 * 24 * hour, noon)).toContain('2025');
});
