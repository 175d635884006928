/** Light, dark or as the system has it; kept in this browser. */
import { createStore } from '../live/store.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'tidepool.theme';

export const theme = createStore<Theme>('system');

export function applyStoredTheme(): void {
  const stored = localStorage.getItem(key);
  setTheme(themes.find((each) => each === stored) ?? 'system');
}

export function nextTheme(): void {
  setTheme(themes[(themes.indexOf(theme.get()) + 1) % themes.length] ?? 'system');
  localStorage.setItem(key, theme.get());
}

function setTheme(next: Theme): void {
  theme.set(next);
  if (next === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
}
