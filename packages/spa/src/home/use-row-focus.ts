/**
 * The row that has the focus: arrows, J and K move it, Home and End go to the ends, a row that is not drawn or not read yet
 * gets it when it is. Where the focused row leaves the list, the next one takes it over.
 */
import type { Workspace } from '@tidepool/core';
import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { keyOf, singleKeys, useShortcuts } from '../shell/shortcuts.ts';

export interface RowFocus {
  /** Of the row that has it; null where none has. */
  readonly held: number | null;
  /** The row that it is on its way to. */
  readonly wanted: number | null;
  readonly go: (index: number) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (event: FocusEvent) => void;
  readonly onBlur: (event: FocusEvent) => void;
}

export function useRowFocus(
  body: RefObject<HTMLElement | null>,
  workspaces: readonly Workspace[],
  total: number,
): RowFocus {
  /** Whose row it is in, and where that row was. */
  const [held, setHeld] = useState<{ id: string; index: number } | null>(null);
  const [wanted, setWanted] = useState<number | null>(null);
  const lastIndex = useRef<number | null>(null);

  const found = held ? workspaces.findIndex(({ id }) => id === held.id) : -1;
  const heldIndex = found === -1 ? (held?.index ?? null) : found;
  const go = useCallback((index: number) => setWanted(Math.max(0, Math.min(index, total - 1))), [total]);

  useLayoutEffect(() => {
    if (wanted === null) return;
    const row = rowAt(body.current, wanted);
    if (!row) return;
    row.focus({ preventScroll: false });
    setWanted(null);
  });
  useLayoutEffect(() => {
    if (!held || wanted !== null || document.activeElement !== document.body) return;
    // Its row was drawn anew, or has left the list with the focus in it.
    if (total > 0) go(found === -1 ? held.index : found);
    setHeld(null);
  });

  const step = useCallback(
    (by: number) => {
      const from = wanted ?? heldIndex ?? lastIndex.current;
      go(from === null ? firstInView(body.current) : from + by);
    },
    [wanted, heldIndex, go, body],
  );
  useShortcuts(useMemo(() => shortcutsOf(step), [step]));

  return {
    held: heldIndex,
    wanted,
    go,
    onKeyDown: (event) => {
      if (!(event.target instanceof HTMLElement) || !event.currentTarget.contains(event.target)) return;
      const key = keyOf(event.nativeEvent);
      const move = moves[key];
      if (move === undefined || event.defaultPrevented || (key.length === 1 && !singleKeys.get())) return;
      event.preventDefault();
      if (move === 'first') go(0);
      else if (move === 'last') go(total - 1);
      else step(move);
    },
    onFocus: ({ target }) => {
      const row = target.closest<HTMLElement>('tr[data-id]');
      const index = Number(row?.dataset.index);
      if (!row?.dataset.id) return;
      lastIndex.current = index;
      setHeld({ id: row.dataset.id, index });
    },
    onBlur: ({ currentTarget, relatedTarget }) => {
      // A focused row that is taken out blurs to nothing: then the effect above passes the focus on.
      if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) setHeld(null);
    },
  };
}

const moves: Readonly<Record<string, number | 'first' | 'last'>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  j: 1,
  k: -1,
  Home: 'first',
  End: 'last',
};

function shortcutsOf(step: (by: number) => void) {
  const group = 'The list';
  return [
    { key: 'j', label: 'Next row, also ↓', group, run: () => step(1) },
    { key: 'k', label: 'Row before, also ↑', group, run: () => step(-1) },
    { key: 'Enter', label: "What the row's button says", group },
    { key: 'ArrowRight', label: "The workspace's page", group },
    { key: 's', label: 'Start or stop it', group },
    { key: 'c', label: 'Copy its address', group },
    { key: '.', label: 'All that can be done with it', group },
    { key: 'Home', label: 'First row; End: last row', group },
  ];
}

function rowAt(body: HTMLElement | null, index: number): HTMLElement | null {
  return body?.querySelector<HTMLElement>(`tr[data-index="${index}"][data-id]`) ?? null;
}

/** Below the bar at the top. */
function firstInView(body: HTMLElement | null): number {
  const rows = [...(body?.querySelectorAll<HTMLElement>('tr[data-id]') ?? [])];
  const first = rows.find((row) => row.getBoundingClientRect().top >= 0);
  return Number(first?.dataset.index ?? 0);
}
