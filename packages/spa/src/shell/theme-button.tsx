/** Light, dark or as the system has it, in turn; it says which one it is. */
import { useSyncExternalStore } from 'react';
import { Icon } from '../components/icon.tsx';
import { Tooltip } from '../components/tooltip.tsx';
import { nextTheme, theme, themeFaces } from './theme.ts';

export function ThemeButton() {
  const { icon, words } = themeFaces[useSyncExternalStore(theme.subscribe, theme.get)];
  const label = `Theme: ${words}`;
  return (
    <Tooltip text={label}>
      <button type="button" className="button button-quiet button-icon" aria-label={label} onClick={nextTheme}>
        <Icon name={icon} />
      </button>
    </Tooltip>
  );
}
