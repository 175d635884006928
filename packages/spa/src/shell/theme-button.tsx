import { useSyncExternalStore } from 'react';
import { Icon } from '../components/icon.tsx';
import { nextTheme, theme } from './theme.ts';

const faces = {
  system: { icon: 'theme', words: 'as the system' },
  light: { icon: 'sun', words: 'light' },
  dark: { icon: 'moon', words: 'dark' },
} as const;

export function ThemeButton() {
  const { icon, words } = faces[useSyncExternalStore(theme.subscribe, theme.get)];
  const label = `Theme: ${words}`;
  return (
    <button
      type="button"
      className="button button-quiet button-icon"
      aria-label={label}
      title={label}
      onClick={nextTheme}
    >
      <Icon name={icon} />
    </button>
  );
}
