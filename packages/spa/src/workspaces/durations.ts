/** Times as people read them: how long something took, how long ago it was, and when exactly, in the browser's own format. */
import { lazily } from '../components/lazily.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `0.42 s`, `12.3 s`, `3 min`, `2 h 14 min`, `3 days`. */
export function formatDuration(ms: number): string {
  const span = Math.max(0, ms);
  if (span < 10 * second) return `${(span / second).toFixed(2)} s`;
  if (span < minute) return `${(span / second).toFixed(1)} s`;
  if (span < hour) return `${Math.floor(span / minute)} min`;
  if (span < day) return hoursAndMinutes(Math.floor(span / hour), Math.floor((span % hour) / minute));
  return plural(Math.floor(span / day), 'day');
}

/** For what is still being counted or only about right: `0.1 s` at least, `1.4 s`, `20 s`, `3 min`. */
export function formatAbout(ms: number): string {
  if (ms < 10 * second) return `${Math.max(0.1, ms / second).toFixed(1)} s`;
  if (ms < minute) return `${Math.round(ms / second)} s`;
  return formatDuration(ms);
}

/** `now`, `3 min. ago`, `yesterday`, `4 days ago`, then the date; in the browser's language. */
export function formatAgo(at: number, now: number): string {
  const span = now - at;
  if (span < 45 * second) return ago().format(0, 'second');
  if (span < hour) return ago().format(-Math.max(1, Math.floor(span / minute)), 'minute');
  const days = daysBetween(at, now);
  if (days === 0 || span < 6 * hour) return ago().format(-Math.floor(span / hour), 'hour');
  if (days < 7) return ago().format(-Math.max(1, days), 'day');
  return date().format(at);
}

/** With its zone: who reads it may have come from another one. */
export function formatExact(at: number): string {
  return exact().format(at);
}

const ago = lazily(() => new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' }));
const date = lazily(() => new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }));
const exact = lazily(
  () =>
    new Intl.DateTimeFormat(undefined, {
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'short',
    }),
);

/** `14:05`, in the browser's form. */
export function formatTime(at: number): string {
  return time().format(at);
}

const time = lazily(() => new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }));

export function formatClock(at: number): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }).format(at);
}

/** `1 workspace`, `3 workspaces`. @param nouns where an s is not enough, as in `matches` */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}

function hoursAndMinutes(hours: number, minutes: number): string {
  return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
}

/** Local calendar days; rounded, because a day may have 23 or 25 hours. */
function daysBetween(from: number, to: number): number {
  return Math.round((startOfDay(to) - startOfDay(from)) / day);
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
