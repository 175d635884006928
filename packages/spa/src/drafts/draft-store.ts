/** What was typed and not sent yet, kept for this tab: a reload, a crash of the page and «back» do not lose it. */
import { z } from 'zod';

/** What fields hold. `undefined`: nothing was typed there. */
export type DraftOf<Value> = Partial<Record<keyof Value, string | boolean>>;

const stored = z.record(z.string(), z.union([z.string(), z.boolean()]));
const prefix = 'tidepool.draft.';

/** What was kept for `key` over `initial`. A field that changed its kind since, in another version of the page, is left. */
export function readDraft<Value extends DraftOf<Value>>(key: string, initial: Value): Value {
  const kinds = new Map<string, unknown>(Object.entries(initial).map(([name, value]) => [name, typeof value]));
  const kept = Object.entries(stored.safeParse(jsonOf(prefix + key)).data ?? {}).filter(
    ([name, value]) => (kinds.get(name) ?? typeof value) === typeof value,
  );
  return { ...initial, ...Object.fromEntries(kept) };
}

export function writeDraft(key: string, value: object): void {
  try {
    sessionStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // Storage is refused or full: then it lives as long as the page does.
  }
}

export function forgetDraft(key: string): void {
  try {
    sessionStorage.removeItem(prefix + key);
  } catch {
    // As above.
  }
}

/** undefined where nothing is kept, or nothing that can be read. */
function jsonOf(key: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '');
  } catch {
    return undefined;
  }
}
