/** Text as a search compares it: SQLite's own `lower` knows the 26 letters of ASCII only. */
import type Database from 'better-sqlite3';

/** Case away, and one way to write each letter (NFC): some keyboards send an accent as a sign of its own. */
export function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** Makes `folded(text)` known in this connection's SQL; null stays null. */
export function defineFolded(client: Database.Database): void {
  client.function('folded', { deterministic: true }, (text) => (typeof text === 'string' ? folded(text) : null));
}
