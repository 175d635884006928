/** What was chosen in the palette last, in this browser: offered first when nothing is typed. */
import { z } from 'zod';
import { keep, readKeptJson } from '../storage/kept.ts';

const key = 'tidepool.palette.recent';
const most = 12;
const stored = z.array(z.string());

export function recentIds(): readonly string[] {
  return stored.safeParse(readKeptJson('local', key)).data ?? [];
}

export function rememberChoice(id: string): void {
  keep('local', key, JSON.stringify([id, ...recentIds().filter((each) => each !== id)].slice(0, most)));
}
