/** What the sandbox runtime can do on this host. */
import type { Finding } from '@tidepool/core';
import type { RuntimeInfo } from '../runtime.ts';
import { findCgroupBase } from './cgroup.ts';
import type { SandboxHome } from './sandbox-home.ts';
import { toolFindings, toolVersions } from './tools.ts';

export async function describeSandbox({ cgroup }: SandboxHome, signal: AbortSignal): Promise<RuntimeInfo> {
  return {
    kind: 'sandbox',
    version: await toolVersions(signal),
    capabilities: {
      isolation: 'namespaces',
      limits: 'base' in cgroup,
      diskLimit: false,
      pause: false,
      snapshot: false,
      clone: false,
      console: true,
      usage: true,
      rootInside: false,
    },
    storage: null,
    findings: [...toolFindings(), limitsFinding('base' in cgroup ? { base: `${cgroup.base}/${cgroup.home}` } : cgroup)],
  };
}

/** Whether CPU and memory of sandboxes can be limited on this host. */
export function limitsFinding(cgroup: ReturnType<typeof findCgroupBase> = findCgroupBase()): Finding {
  const common = { id: 'sandbox.limits', title: 'Limits of CPU and memory', commands: [] };
  if ('base' in cgroup)
    return { ...common, status: 'ok', detail: `Enforced by cgroup v2 in ${cgroup.base}.`, fix: null };
  const detail = `Sizes of workspaces are counted but not enforced. ${cgroup.reason}`;
  return {
    ...common,
    status: 'warning',
    detail,
    fix: 'Use a system with cgroup v2 and its cpu and memory controllers, as root or delegated to this user.',
  };
}
