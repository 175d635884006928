/** What can be asked of a workspace: the button's word, the endpoint, the icon, and the one that makes sense now. */
import { can, type Verb, type Workspace, whyNot } from '@tidepool/core';
import type { IconName } from '../components/icon.tsx';

export const verbs = {
  start: { label: 'Start', done: 'started', endpoint: 'startWorkspace', icon: 'play' },
  stop: { label: 'Stop', done: 'stopped', endpoint: 'stopWorkspace', icon: 'stop' },
  restart: { label: 'Restart', done: 'restarted', endpoint: 'restartWorkspace', icon: 'retry' },
  retry: { label: 'Retry', done: 'retried', endpoint: 'retryWorkspace', icon: 'retry' },
  delete: { label: 'Delete', done: 'deleted', endpoint: 'deleteWorkspace', icon: 'trash' },
} as const satisfies Record<Verb, { label: string; done: string; endpoint: string; icon: IconName }>;

export type MainAction =
  | { readonly kind: 'open' }
  /** A job is at work that ends in a running workspace: its steps can be watched. */
  | { readonly kind: 'watch' }
  | { readonly kind: 'verb'; readonly verb: Verb }
  | { readonly kind: 'none' };

/** The one action that makes sense now: a row's button, and the filled button of a workspace's page. */
export function mainAction({ status }: Pick<Workspace, 'status'>): MainAction {
  if (status === 'running') return { kind: 'open' };
  if (status === 'creating' || status === 'starting') return { kind: 'watch' };
  if (status === 'deleting') return { kind: 'none' };
  return { kind: 'verb', verb: status === 'error' ? 'retry' : 'start' };
}

/** The verbs that stand in the menu beside the main action: delete always, the rest where it is possible or its reason tells something. */
export function otherVerbs(workspace: Pick<Workspace, 'status' | 'error'>): readonly Verb[] {
  const main = mainAction(workspace);
  const others: readonly Verb[] = ['start', 'stop', 'restart', 'delete'];
  return others.filter((verb) => {
    if (main.kind === 'verb' && main.verb === verb) return false;
    return verb === 'delete' || verb === 'stop' || can(verb, workspace);
  });
}

/** Why `verb` cannot be asked now; undefined where it can. `blocked` is why nothing can: the page is not connected. */
export function whyDisabled(
  verb: Verb,
  workspace: Pick<Workspace, 'status' | 'error'>,
  blocked: string | undefined,
): string | undefined {
  return blocked ?? whyNot(verb, workspace);
}
