/** What was typed and not sent yet, kept for this tab: a reload, a crash of the page and «back» do not lose it. */
import { z } from 'zod';
import { keep, readKeptJson } from '../storage/kept.ts';

/** What fields hold. `undefined`: nothing was typed there. */
export type DraftOf<Value> = Partial<Record<keyof Value, string | boolean>>;

const stored = z.record(z.string(), z.union([z.string(), z.boolean()]));
const prefix = 'tidepool.draft.';

/** What was kept for `key` over `initial`. A field that changed its kind since, in another version of the page, is left. */
export function readDraft<Value extends DraftOf<Value>>(key: string, initial: Value): Value {
  const kinds = new Map<string, unknown>(Object.entries(initial).map(([name, value]) => [name, typeof value]));
  const kept = Object.entries(stored.safeParse(readKeptJson('session', prefix + key)).data ?? {}).filter(
    ([name, value]) => (kinds.get(name) ?? typeof value) === typeof value,
  );
  return { ...initial, ...Object.fromEntries(kept) };
}

export function writeDraft(key: string, value: object): void {
  keep('session', prefix + key, JSON.stringify(value));
}

export function forgetDraft(key: string): void {
  keep('session', prefix + key, null);
}
