/** Copies where a workspace is reached, and says so. */
import type { Workspace } from '@tidepool/core';
import { useCopyText } from '../components/copy-text.ts';
import { useOrigins } from '../live/hooks.ts';
import { useServices } from '../services/services.ts';
import { workspaceUrl } from './workspace-url.ts';

export function useCopyAddress(): (workspace: Pick<Workspace, 'path'>) => Promise<void> {
  const origins = useOrigins();
  const { toasts } = useServices();
  const copyText = useCopyText();
  return async ({ path }) => {
    if (origins && (await copyText(workspaceUrl(origins, path)))) toasts.say('Address copied');
  };
}
