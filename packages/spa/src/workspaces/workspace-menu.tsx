/** All that can be done with a workspace beside its main action. */
import type { Workspace } from '@tidepool/core';
import { Menu, type MenuItem, type MenuPlace } from '../components/menu.tsx';
import { useBlocked } from '../live/hooks.ts';
import { MenuPopup } from '../routing/later.ts';
import { paths } from '../routing/paths.ts';
import { askToDelete } from './deletion.ts';
import { useAct } from './use-act.ts';
import { useCopyAddress } from './use-copy-address.ts';
import { otherVerbs, verbs, whyDisabled } from './verbs.ts';

export interface WorkspaceMenuProps {
  readonly workspace: Workspace;
  readonly size?: 'small';
  /** In a list, where its page is another one. */
  readonly hasPage?: boolean;
  readonly onDeleted?: () => void;
}

export function WorkspaceMenu({ size, ...about }: WorkspaceMenuProps) {
  const label = `More for ${about.workspace.name}`;
  return (
    <Menu label={label} {...(size ? { size } : {})}>
      {(place) => <OpenMenu label={label} {...about} {...place} />}
    </Menu>
  );
}

interface OpenMenuProps extends Omit<WorkspaceMenuProps, 'size'>, MenuPlace {
  readonly label: string;
}

function OpenMenu({ workspace, hasPage = false, onDeleted, ...menu }: OpenMenuProps) {
  const { act } = useAct();
  const blocked = useBlocked();
  const { id, name } = workspace;

  const copyAddress = useCopyAddress();
  // Rows answer to keys of their own.
  const shortcut = (key: string) => (hasPage ? { shortcut: key } : {});
  const verbItems = otherVerbs(workspace).map((verb): MenuItem => {
    const why = whyDisabled(verb, workspace, blocked);
    const { label, icon } = verbs[verb];
    if (verb === 'delete')
      return { label: `${label}…`, icon, why, isDangerous: true, onSelect: () => askToDelete(id, onDeleted) };
    return { label, icon, why, ...(verb === 'stop' ? shortcut('s') : {}), onSelect: () => void act(verb, workspace) };
  });
  const pages: readonly MenuItem[] = hasPage
    ? [
        { label: 'Details', icon: 'info', to: paths.workspace(name) },
        { label: 'Logs', icon: 'log', to: paths.section(name, 'logs') },
      ]
    : [];
  return (
    <MenuPopup
      {...menu}
      items={[
        [
          ...pages,
          { label: 'Copy address', icon: 'copy', ...shortcut('c'), onSelect: () => void copyAddress(workspace) },
        ],
        verbItems.filter(({ isDangerous }) => !isDangerous),
        verbItems.filter(({ isDangerous }) => isDangerous),
      ]}
    />
  );
}
