/** The one action that makes sense now. In a list its accessible name says for which workspace. */
import type { Workspace } from '@tidepool/core';
import { Link } from 'react-router';
import { ActionButton } from '../components/action-button.tsx';
import { OpenLink } from '../components/open-link.tsx';
import { useBlocked } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { useAct } from './use-act.ts';
import { mainAction, verbs, whyDisabled } from './verbs.ts';

export interface MainActionButtonProps {
  readonly workspace: Workspace;
  /** In a row, or as the filled button of the workspace's own page. */
  readonly place: 'row' | 'page';
}

export function MainActionButton({ workspace, place }: MainActionButtonProps) {
  const { act, isPending } = useAct();
  const blocked = useBlocked();
  const { name, path } = workspace;
  const action = mainAction(workspace);
  const isRow = place === 'row';
  const look = isRow ? 'button-small' : '';
  const named = (word: string) => (isRow ? { 'aria-label': `${word} ${name}` } : {});

  if (action.kind === 'none') return null;
  if (action.kind === 'open') {
    if (blocked !== undefined) {
      return (
        <ActionButton look={isRow ? 'soft' : 'primary'} {...small(isRow)} why={blocked} {...named('Open')}>
          Open
        </ActionButton>
      );
    }
    return (
      <OpenLink
        path={path}
        {...(isRow ? { label: `Open ${name} in a new tab` } : {})}
        className={`button ${isRow ? 'button-soft' : 'button-primary'} ${look}`}
        hasIcon
      >
        Open
      </OpenLink>
    );
  }
  if (action.kind === 'watch') {
    return (
      <Link className={`button button-plain ${look}`} to={paths.watch(name)} {...named('Watch')}>
        Watch
      </Link>
    );
  }
  const { verb } = action;
  return (
    <ActionButton
      look={isRow ? 'plain' : 'primary'}
      {...small(isRow)}
      why={whyDisabled(verb, workspace, blocked)}
      isPending={isPending}
      {...named(verbs[verb].label)}
      onClick={() => void act(verb, workspace)}
    >
      {verbs[verb].label}
    </ActionButton>
  );
}

function small(isRow: boolean): { readonly size?: 'small' } {
  return isRow ? { size: 'small' } : {};
}
