/** Goes on into the editor, in this tab: only while its reader is looking at this view. */
import type { Workspace } from '@tidepool/core';
import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { useHost } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { workspaceUrl } from '../workspaces/workspace-url.ts';

export function useLeadIn(isReady: boolean, { name, path }: Pick<Workspace, 'name' | 'path'>): void {
  const { host } = useHost();
  const navigate = useNavigate();
  useEffect(() => {
    if (!isReady || !host || document.visibilityState === 'hidden') return;
    // «Back» from the editor must not lead straight into it again.
    void navigate(paths.workspace(name), { replace: true });
    location.assign(workspaceUrl(host.origins, path));
  }, [isReady, host, name, path, navigate]);
}
