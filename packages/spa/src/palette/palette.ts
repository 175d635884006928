/** Whether the palette is open, and what was typed before its field could take it. */
import { createStore } from '../live/store.ts';

export const palette = createStore(false);

/** A busy page may take so long, in milliseconds, to draw it. */
const longestMs = 3_000;
let typed = '';
let openedAt = 0;

export function openPalette(): void {
  if (palette.get()) return;
  typed = '';
  openedAt = performance.now();
  // First of all: else the letters of a name would be the keys of the page below.
  addEventListener('keydown', gather, { capture: true });
  palette.set(true);
}

/** The field has the focus, and takes what comes from now on. @returns what came before */
export function takeTyped(): string {
  removeEventListener('keydown', gather, { capture: true });
  const early = typed;
  typed = '';
  return early;
}

function gather(event: KeyboardEvent): void {
  if (!palette.get() || performance.now() - openedAt > longestMs) {
    takeTyped();
    return;
  }
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  typed += event.key;
}
