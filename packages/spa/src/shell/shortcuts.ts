/**
 * The keys that do something anywhere on a page. A view registers its own with what they do, and `?` lists all that work
 * now. None works while something is typed or a dialog or menu is open, and single letters can be switched off: who
 * dictates, or rests a hand on the keyboard, presses them unawares (WCAG 2.1.4).
 */
import { useEffect } from 'react';
import { createStore } from '../live/store.ts';
import { keep, readKept } from '../storage/kept.ts';

export interface Shortcut {
  /** As pressed: `n`, `/`, `?`, `Enter`, `g w` for one after the other, `mod+k` with ⌘ or Ctrl. */
  readonly key: string;
  /** What it does, as in a list of all keys: `New workspace`. */
  readonly label: string;
  /** Under which heading it is listed: `Everywhere`, `The list`. */
  readonly group: string;
  /** Absent: listed only, because the field or row that has the focus answers to it. */
  readonly run?: () => void;
  /** Works in a dialog too: it is about where the focus is, and not about the view behind. */
  readonly isForDialogs?: boolean;
}

const storageKey = 'tidepool.single-keys';
/** How long the first of two keys waits for the second. */
const sequenceMs = 1_500;

/** All that is registered now, in the order in which it came. */
export const shortcuts = createStore<readonly Shortcut[]>([]);
/** Whether single letters do something. */
export const singleKeys = createStore(readKept('local', storageKey) !== 'off');

export function setSingleKeys(areOn: boolean): void {
  singleKeys.set(areOn);
  keep('local', storageKey, areOn ? 'on' : 'off');
}

/** Registers `own` as long as the view is shown. Keep the array the same between renders (`useMemo`). Later views win. */
export function useShortcuts(own: readonly Shortcut[]): void {
  useEffect(() => {
    shortcuts.set([...shortcuts.get(), ...own]);
    return () => shortcuts.set(shortcuts.get().filter((each) => !own.includes(each)));
  }, [own]);
}

/** Answers to the registered keys. @returns how to stop */
export function listenForShortcuts(): () => void {
  let first = '';
  let firstAt = 0;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || modifierKeys.includes(event.key)) return;
    const pressed = keyOf(event);
    const isAfter = event.timeStamp - firstAt < sequenceMs;
    const sequence = isAfter && first !== '' ? `${first} ${pressed}` : pressed;
    first = pressed;
    firstAt = event.timeStamp;
    const isCovered = document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
    const found = find(sequence, isCovered) ?? find(pressed, isCovered);
    if (!found?.run || !isAllowed(pressed, event.target)) return;
    event.preventDefault();
    first = '';
    found.run();
  };
  addEventListener('keydown', onKeyDown);
  return () => removeEventListener('keydown', onKeyDown);
}

/** `g`, `mod+k`, `Enter`. Shift counts only where it makes another sign, as in `?`. */
export function keyOf({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): string {
  const name = key.length === 1 ? key.toLowerCase() : key;
  return `${altKey ? 'alt+' : ''}${ctrlKey || metaKey ? 'mod+' : ''}${name}`;
}

const modifierKeys: readonly string[] = ['Shift', 'Control', 'Meta', 'Alt', 'AltGraph'];

/** Nothing acts behind a dialog or a menu. */
function find(key: string, isCovered: boolean): Shortcut | undefined {
  return shortcuts
    .get()
    .findLast(
      ({ key: own, run, isForDialogs = false }) => own === key && run !== undefined && (!isCovered || isForDialogs),
    );
}

/** ⌘K works in a field too; a letter must not take what is typed from it. */
function isAllowed(pressed: string, target: EventTarget | null): boolean {
  if (pressed.startsWith('mod+')) return true;
  return !isTyping(target) && (pressed.length > 1 || singleKeys.get());
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}
