/** What a row answers to while it has the focus, or something in it has: heard by the list, once for all rows. */
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

export function useRowKeys(): (event: KeyboardEvent<HTMLElement>) => void {
  const navigate = useNavigate();
  const { known, toasts } = useServices();
  const { act } = useAct();
  const copyAddress = useCopyAddress();
  const blocked = useBlocked();

  const startOrStop = (workspace: Workspace) => {
    const verb = can('stop', workspace) && workspace.status !== 'error' ? 'stop' : 'start';
    const why = whyDisabled(verb, workspace, blocked);
    if (why === undefined) void act(verb, workspace);
    else toasts.say(`${workspace.name} was not ${verbs[verb].done}. ${why}`);
  };
  return (event) => {
    const { target, nativeEvent } = event;
    // A menu that belongs to a row is drawn elsewhere, and its keys come by here too.
    if (!(target instanceof HTMLElement) || event.defaultPrevented) return;
    const row = target.closest<HTMLElement>('tr[data-id]');
    const workspace = known.getState().workspaces.get(row?.dataset.id ?? '');
    if (!row || !workspace) return;
    const key = keyOf(nativeEvent);
    if (key.length === 1 && !singleKeys.get()) return;
    // On a link or a button, Enter is its own.
    if (key === 'Enter' && target !== row) return;
    const run = {
      Enter: () => press(row, '.cell-action :is(a, button)'),
      ArrowRight: () => void navigate(paths.workspace(workspace.name)),
      s: () => startOrStop(workspace),
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
