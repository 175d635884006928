/** What can be gone to and done that is about no workspace in particular. */
import { workspaceName } from '@tidepool/core';
import { paths } from '../routing/paths.ts';
import type { Theme } from '../shell/theme.ts';
import { setTheme, themeFaces, themes } from '../shell/theme.ts';
import type { Entry } from './entry.ts';

export interface PageDoings {
  readonly go: (path: string) => void;
  readonly showKeys: () => void;
  readonly theme: Theme;
  /** Absent while connected. */
  readonly reconnect: (() => void) | undefined;
}

export function pageEntries({ go, showKeys, theme, reconnect }: PageDoings): readonly Entry[] {
  const goTo: Pick<Entry, 'group' | 'mark'> = { group: 'Go to', mark: 'right' };
  return [
    ...(reconnect
      ? [{ id: 'reconnect', group: 'Do', mark: 'retry', label: ['Try to connect now'], run: reconnect } as const]
      : []),
    {
      id: 'new',
      group: 'Do',
      mark: 'plus',
      label: ['New workspace'],
      alias: 'create',
      shortcut: 'n',
      run: () => go(paths.create()),
    },
    {
      ...goTo,
      id: 'home',
      label: ['Workspaces'],
      alias: 'home list all',
      shortcut: 'g w',
      run: () => go(paths.home()),
    },
    {
      ...goTo,
      id: 'host',
      label: ['Host'],
      alias: 'capacity memory disk jobs doctor',
      shortcut: 'g h',
      run: () => go(paths.host()),
    },
    ...themes
      .filter((each) => each !== theme)
      .map(
        (each): Entry => ({
          id: `theme ${each}`,
          group: 'Do',
          mark: themeFaces[each].icon,
          label: [`Theme: ${themeFaces[each].words}`],
          alias: 'colours dark light mode',
          run: () => setTheme(each),
        }),
      ),
    {
      id: 'keys',
      group: 'Do',
      mark: 'keyboard',
      label: ['All keys'],
      alias: 'shortcuts keyboard help',
      shortcut: '?',
      run: showKeys,
    },
  ];
}

/** «New workspace called xyz», from what was typed. */
export function newCalled(query: string, taken: ReadonlySet<string>, go: (path: string) => void): readonly Entry[] {
  const name = query.trim().toLowerCase();
  // Two words are something to do, not a name.
  if (name === '' || /\s/.test(name) || taken.has(name)) return [];
  const problem = workspaceName.safeParse(name).error?.issues[0]?.message;
  return [
    {
      id: 'new called',
      group: 'New',
      mark: 'plus',
      label: ['New workspace called ', { mono: name }],
      why: problem,
      run: () => go(`${paths.create()}?name=${encodeURIComponent(name)}`),
    },
  ];
}
