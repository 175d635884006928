/** Whether the palette is open. */
import { createStore } from '../live/store.ts';

export const palette = createStore(false);

export function openPalette(): void {
  palette.set(true);
}
