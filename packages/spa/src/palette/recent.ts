/** What was chosen in the palette last, in this browser: offered first when nothing is typed. */
import { z } from 'zod';

const key = 'tidepool.palette.recent';
const most = 12;
const stored = z.array(z.string());

export function recentIds(): readonly string[] {
  try {
    return stored.safeParse(JSON.parse(localStorage.getItem(key) ?? '[]')).data ?? [];
  } catch {
    return [];
  }
}

export function rememberChoice(id: string): void {
  try {
    localStorage.setItem(key, JSON.stringify([id, ...recentIds().filter((each) => each !== id)].slice(0, most)));
  } catch {
    // Storage is refused or full: then nothing is remembered.
  }
}
