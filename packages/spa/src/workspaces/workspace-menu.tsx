/** All that can be done with a workspace beside its main action. */
import type { Workspace } from '@tidepool/core';
import { Menu, type MenuItem } from '../components/menu.tsx';
import { useBlocked } from '../live/hooks.ts';
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

export function WorkspaceMenu({ workspace, size, hasPage = false, onDeleted }: WorkspaceMenuProps) {
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
    <Menu
      label={`More for ${name}`}
      {...(size ? { size } : {})}
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
