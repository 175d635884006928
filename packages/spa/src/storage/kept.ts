/**
 * What this browser keeps for the page, as text: `local` for all its tabs, `session` for this one. A browser may refuse
 * both, or have no room left: then nothing was kept, and what is kept now lives as long as the page does.
 */
export type Where = 'local' | 'session';

/** null where nothing is kept. */
export function readKept(where: Where, key: string): string | null {
  try {
    return storageOf(where).getItem(key);
  } catch {
    return null;
  }
}

/** The same as JSON, not parsed further; undefined where nothing is kept, or nothing that can be read. */
export function readKeptJson(where: Where, key: string): unknown {
  try {
    return JSON.parse(readKept(where, key) ?? '');
  } catch {
    return undefined;
  }
}

/** @param value null: nothing is kept there any more */
export function keep(where: Where, key: string, value: string | null): void {
  try {
    if (value === null) storageOf(where).removeItem(key);
    else storageOf(where).setItem(key, value);
  } catch {
    // Refused or full: see above.
  }
}

/** @throws where it is refused: to ask for it is enough */
function storageOf(where: Where): Storage {
  return where === 'local' ? localStorage : sessionStorage;
}
