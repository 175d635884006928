// @vitest-environment happy-dom
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenForShortcuts, type Shortcut, setSingleKeys, shortcuts, useShortcuts } from './shortcuts.ts';

let pressed: string[] = [];
let stop = () => {};

const does = (key: string, label = key): Shortcut => ({ key, label, group: 'Test', run: () => pressed.push(label) });
const press = (key: string, options: KeyboardEventInit = {}, target: EventTarget = document.body) =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options }));

beforeEach(() => {
  pressed = [];
  stop = listenForShortcuts();
});
afterEach(() => {
  stop();
  cleanup();
  document.body.replaceChildren();
  setSingleKeys(true);
});

test('a view has its keys as long as it is shown, and the latest view is heard first', () => {
  const page = [does('n', 'page')];
  const row = [does('n', 'row')];
  renderHook(() => useShortcuts(page));
  const second = renderHook(() => useShortcuts(row));
  expect(shortcuts.get().map(({ label }) => label)).toEqual(['page', 'row']);
  press('n');
  second.unmount();
  press('N', { shiftKey: true });
  expect(pressed).toEqual(['row', 'page']);
});

test('two keys one after the other are a key of their own', () => {
  const own = [does('g w'), does('g h'), does('w')];
  renderHook(() => useShortcuts(own));
  press('g');
  press('h');
  press('g');
  press('x');
  press('w');
  expect(pressed).toEqual(['g h', 'w']);
});

test('what is typed in a field does nothing, with a modifier it does', () => {
  const own = [does('n'), does('mod+k')];
  renderHook(() => useShortcuts(own));
  const input = document.createElement('input');
  document.body.append(input);
  press('n', {}, input);
  press('k', { metaKey: true }, input);
  press('n', { ctrlKey: true });
  press('n', { altKey: true });
  expect(pressed).toEqual(['mod+k']);
});

test('behind a dialog or a menu letters do nothing', () => {
  const own = [does('n')];
  renderHook(() => useShortcuts(own));
  for (const role of ['dialog', 'menu']) {
    const over = document.createElement('div');
    over.setAttribute('role', role);
    document.body.append(over);
    press('n');
    over.remove();
  }
  expect(pressed).toEqual([]);
});

test('in a dialog a key of the page does what it does there, not what the view behind has made of it', () => {
  const page: Shortcut = { ...does('mod+Enter', 'page'), isForDialogs: true };
  const own = [page, does('mod+Enter', 'view')];
  renderHook(() => useShortcuts(own));
  press('Enter', { ctrlKey: true });
  const over = document.createElement('div');
  over.setAttribute('role', 'dialog');
  document.body.append(over);
  press('Enter', { ctrlKey: true });
  expect(pressed).toEqual(['view', 'page']);
});

test('single letters can be switched off, and stay so in this browser', () => {
  const own = [does('n'), does('Enter'), does('mod+k')];
  renderHook(() => useShortcuts(own));
  setSingleKeys(false);
  press('n');
  press('Enter');
  press('k', { ctrlKey: true });
  expect(pressed).toEqual(['Enter', 'mod+k']);
  expect(localStorage.getItem('tidepool.single-keys')).toBe('off');
});
