/** Times as people read them: how long something took, how long ago it was, and when exactly, in the browser's own format. */
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

/** For what is still being counted or only about right: `2 s`, `1.4 s`, `3 min`. */
export function formatAbout(ms: number): string {
  if (ms < 10 * second) return `${(ms / second).toFixed(1)} s`;
  if (ms < minute) return `${Math.round(ms / second)} s`;
  return formatDuration(ms);
}

/** `just now`, `3 min ago`, `2 h ago`, `yesterday`, `4 days ago`, then the date. */
export function formatAgo(at: number, now: number): string {
  const span = now - at;
  if (span < 45 * second) return 'just now';
  if (span < hour) return `${Math.max(1, Math.round(span / minute))} min ago`;
  const days = daysBetween(at, now);
  if (span < day && days <= 1) return days === 0 || span < 6 * hour ? `${Math.floor(span / hour)} h ago` : 'yesterday';
  if (days <= 1) return 'yesterday';
  if (days < 7) return `${days} days ago`;
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(at);
}

export function formatExact(at: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

export function formatClock(at: number): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }).format(at);
}

export function formatDay(at: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'full' }).format(at);
}

/** `1 workspace`, `3 workspaces`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
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
