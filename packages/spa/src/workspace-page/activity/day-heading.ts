/** The heading of a day: `Today, Saturday 21 November`, in the browser's language. */
import { lazily } from '../../components/lazily.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** @param at and `now` in milliseconds since 1970 */
export function dayHeading(at: number, now: number): string {
  const daysAgo = Math.round((startOfDay(now) - startOfDay(at)) / dayMs);
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const date = (isThisYear ? thisYear : otherYear)().format(at);
  return daysAgo > 1 || daysAgo < 0 ? date : `${capitalised(relative().format(-daysAgo, 'day'))}, ${date}`;
}

/** A key for what happened on the same day, here. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function capitalised(words: string): string {
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

const relative = lazily(() => new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }));
const thisYear = lazily(() => new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' }));
const otherYear = lazily(() => new Intl.DateTimeFormat(undefined, { dateStyle: 'full' }));
