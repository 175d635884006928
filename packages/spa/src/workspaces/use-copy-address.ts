/** Copies where a workspace is reached, and says so. */
import type { Workspace } from '@tidepool/core';
import { useCopyText } from '../components/copy-text.ts';
import { useHost } from '../live/hooks.ts';
import { useServices } from '../services/services.ts';
import { workspaceUrl } from './workspace-url.ts';

export function useCopyAddress(): (workspace: Pick<Workspace, 'path'>) => Promise<void> {
  const { host } = useHost();
  const { toasts } = useServices();
  const copyText = useCopyText();
  return async ({ path }) => {
    if (host && (await copyText(workspaceUrl(host.origins, path)))) toasts.say('Address copied');
  };
}
