/**
 * Goes on into the editor, in this tab, at the moment it is ready: only where its reader looks at this view then. Whoever is
 * in another tab, or in a dialog over this page, is not taken away from there, and not later either.
 */
import type { Workspace } from '@tidepool/core';
import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';
import { useHost } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { workspaceUrl } from '../workspaces/workspace-url.ts';

export function useLeadIn(isReady: boolean, isWanted: boolean, { name, path }: Pick<Workspace, 'name' | 'path'>): void {
  const { host } = useHost();
  const navigate = useNavigate();
  const isDecided = useRef(false);
  useEffect(() => {
    if (!isReady) isDecided.current = false;
    if (!isReady || !host || isDecided.current) return;
    isDecided.current = true;
    if (!isWanted || isElsewhere()) return;
    // «Back» from the editor must not lead straight into it again.
    void navigate(paths.workspace(name), { replace: true });
    location.assign(workspaceUrl(host.origins, path));
  }, [isReady, isWanted, host, name, path, navigate]);
}

function isElsewhere(): boolean {
  return document.visibilityState === 'hidden' || document.querySelector('[role="dialog"], [role="menu"]') !== null;
}
