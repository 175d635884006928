/** What a row answers to while it has the focus, or something in it has. */
import { can, type Workspace } from '@tidepool/core';
import type { KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import { useBlocked } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { useServices } from '../services/services.ts';
import { keyOf, singleKeys } from '../shell/shortcuts.ts';
import { useAct } from '../workspaces/use-act.ts';
import { useCopyAddress } from '../workspaces/use-copy-address.ts';
import { verbs, whyDisabled } from '../workspaces/verbs.ts';

export function useRowKeys(workspace: Workspace): (event: KeyboardEvent<HTMLElement>) => void {
  const navigate = useNavigate();
  const { toasts } = useServices();
  const { act } = useAct();
  const copyAddress = useCopyAddress();
  const blocked = useBlocked();

  const startOrStop = () => {
    const verb = can('stop', workspace) && workspace.status !== 'error' ? 'stop' : 'start';
    const why = whyDisabled(verb, workspace, blocked);
    if (why === undefined) void act(verb, workspace);
    else toasts.say(`${workspace.name} was not ${verbs[verb].done}. ${why}`);
  };
  return (event) => {
    const { currentTarget: row, target, nativeEvent } = event;
    // A menu that belongs to the row is drawn elsewhere, and its keys come by here too.
    if (!(target instanceof HTMLElement) || !row.contains(target) || event.defaultPrevented) return;
    const key = keyOf(nativeEvent);
    if (key.length === 1 && !singleKeys.get()) return;
    // On a link or a button, Enter is its own.
    if (key === 'Enter' && target !== row) return;
    const run = {
      Enter: () => press(row, '.cell-action :is(a, button)'),
      ArrowRight: () => void navigate(paths.workspace(workspace.name)),
      s: startOrStop,
      c: () => void copyAddress(workspace),
      '.': () => press(row, '.cell-menu button'),
    }[key];
    if (!run) return;
    event.preventDefault();
    run();
  };
}

/** One that cannot be pressed gets the focus, and says why. */
function press(row: HTMLElement, selector: string): void {
  const control = row.querySelector<HTMLElement>(selector);
  if (control?.getAttribute('aria-disabled') === 'true') control.focus();
  else control?.click();
}
