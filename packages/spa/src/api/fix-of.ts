/** What a reader of a problem can do about it on this page, where its `fix` can be one press. */
import type { Problem } from '@tidepool/core';
import { paths } from '../routing/paths.ts';

export interface Fix {
  readonly label: string;
  readonly does: { readonly to: string } | 'reload' | 'reconnect';
}

const seeHost: Fix = { label: 'See the host', does: { to: paths.host() } };
const reload: Fix = { label: 'Reload the page', does: 'reload' };

/** Problems that are the host's, not one workspace's. */
const ofHost: readonly string[] = [
  ...['disk_full', 'pool_full', 'exceeds_capacity', 'image_missing', 'image_failed', 'queue_unavailable'],
  ...['proxy_unavailable', 'caddy_too_old', 'network_conflict', 'vm_limit'],
];

/** @param workspaceName whose change was refused or failed */
export function fixOf({ code }: Pick<Problem, 'code'>, workspaceName?: string): Fix | undefined {
  if (code === 'unreachable' || code === 'not_ready') return { label: 'Try now', does: 'reconnect' };
  if (code === 'page_mistake' || code === 'unauthenticated' || code === 'intercepted') return reload;
  if (ofHost.includes(code) || code.startsWith('runtime_')) return seeHost;
  if (code === 'workspace_not_found') return { label: 'All workspaces', does: { to: paths.home() } };
  if (workspaceName === undefined) return undefined;
  if (code === 'job_in_the_way') return { label: 'Watch it', does: { to: paths.watch(workspaceName) } };
  if (code === 'port_taken' || code === 'too_many_ports') {
    return { label: 'See its ports', does: { to: paths.section(workspaceName, 'ports') } };
  }
  if (code.startsWith('instance_') || code === 'ide_not_ready' || code === 'deadline_exceeded') {
    return { label: 'See its log', does: { to: paths.section(workspaceName, 'logs') } };
  }
  return undefined;
}
