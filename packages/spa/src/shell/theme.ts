/** Light, dark or as the system has it; kept in this browser. */
import { createStore } from '../live/store.ts';
import { keep, readKept } from '../storage/kept.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const themeFaces = {
  system: { icon: 'theme', words: 'as the system' },
  light: { icon: 'sun', words: 'light' },
  dark: { icon: 'moon', words: 'dark' },
} as const;

const key = 'tidepool.theme';

export const theme = createStore<Theme>('system');

export function applyStoredTheme(): void {
  const stored = readKept('local', key);
  applyTheme(themes.find((each) => each === stored) ?? 'system');
}

export function setTheme(next: Theme): void {
  applyTheme(next);
  keep('local', key, next);
}

export function nextTheme(): void {
  setTheme(themes[(themes.indexOf(theme.get()) + 1) % themes.length] ?? 'system');
}

function applyTheme(next: Theme): void {
  theme.set(next);
  if (next === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
}
