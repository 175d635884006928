/** What choosing an entry does. */
import { useMemo, useSyncExternalStore } from 'react';
import { useNavigate } from 'react-router';
import { useBlocked, useHost } from '../live/hooks.ts';
import { useNow } from '../live/use-now.ts';
import { useServices } from '../services/services.ts';
import { keysList } from '../shell/keys-list.ts';
import { theme } from '../shell/theme.ts';
import { askToDelete } from '../workspaces/deletion.ts';
import { useAct } from '../workspaces/use-act.ts';
import { useCopyAddress } from '../workspaces/use-copy-address.ts';
import { verbs } from '../workspaces/verbs.ts';
import { workspaceUrl } from '../workspaces/workspace-url.ts';
import type { PageDoings } from './page-entries.ts';
import type { WorkspaceDoings } from './workspace-entries.ts';

export function useDoings(): WorkspaceDoings & PageDoings {
  const navigate = useNavigate();
  const { toasts, reconnect } = useServices();
  const { host } = useHost();
  const { act } = useAct();
  const copyAddress = useCopyAddress();
  const blocked = useBlocked();
  const now = useNow(10_000);
  const shownTheme = useSyncExternalStore(theme.subscribe, theme.get);
  return useMemo(
    () => ({
      go: (path) => void navigate(path),
      open: (path) => {
        if (host) window.open(workspaceUrl(host.origins, path), '_blank', 'noopener');
      },
      act: async (verb, workspace) => {
        if (await act(verb, workspace))
          toasts.say(`${workspace.name}: ${verbs[verb].label.toLowerCase()} is under way`);
      },
      remove: ({ id }) => askToDelete(id),
      copyAddress,
      showKeys: () => keysList.set(true),
      blocked,
      now,
      theme: shownTheme,
      reconnect: blocked === undefined ? undefined : reconnect,
    }),
    [navigate, host, act, copyAddress, toasts, blocked, now, shownTheme, reconnect],
  );
}
