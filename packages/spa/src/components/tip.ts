/** The one tooltip of the page: at which element it is, and what it says. */
import { createStore } from '../live/store.ts';

export interface Tip {
  readonly anchor: Element;
  readonly text: string;
  /** Where it does not cover what is pressed next; above where nobody says. */
  readonly side?: 'top' | 'right' | undefined;
}

export const tip = createStore<Tip | null>(null);

/** A pointer that only passes shows nothing; one on its way from the element to the tooltip does not lose it. */
const showAfterMs = 400;
const hideAfterMs = 120;
let timer: ReturnType<typeof setTimeout> | undefined;

export function showTip(next: Tip, afterMs = 0): void {
  later(() => tip.set(next), afterMs);
}

/** One that is shown already is followed at once. */
export function showTipSoon(next: Tip): void {
  showTip(next, tip.get() ? 0 : showAfterMs);
}

export function hideTip(): void {
  later(() => tip.set(null), 0);
}

export function hideTipSoon(): void {
  later(() => tip.set(null), hideAfterMs);
}

/** The pointer is on the tooltip itself. */
export function keepTip(): void {
  clearTimeout(timer);
}

function later(run: () => void, ms: number): void {
  clearTimeout(timer);
  if (ms === 0) run();
  else timer = setTimeout(run, ms);
}
