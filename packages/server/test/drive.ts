/** Plays the worker on the store: takes jobs to their end, so that tests can put workspaces into any status. */
import type { Workspace } from '@tidepool/core';
import { currentHolder, type Settlement, type Store } from '@tidepool/db';

const user = { actor: 'user' } as const;

export function createWorkspace(store: Store, name: string, memoryMiB = 512): Workspace {
  return store.create({ name, image: 'workspace@abc123', cpus: 1, memoryMiB, diskGiB: 20 }, user).workspace;
}

/** Claims the workspace's open job and settles it. */
export function finishJob(store: Store, name: string, settlement: Settlement = { outcome: 'succeeded' }): void {
  const jobId = store.workspace(name)?.jobId;
  if (!jobId) throw new Error(`${name} has no open job`);
  const claimed = store.claim(jobId, currentHolder());
  if (claimed.outcome !== 'claimed') throw new Error(`not claimed: ${claimed.reason}`);
  const { fence, portsVersion } = claimed.claim;
  const settled = store.settle(
    jobId,
    fence,
    settlement.outcome === 'succeeded' ? { address: '10.0.0.2', portsVersion, ...settlement } : settlement,
  );
  if (!settled.settled) throw new Error(`not settled: ${settled.reason}`);
}

export function runningWorkspace(store: Store, name: string): Workspace {
  createWorkspace(store, name);
  finishJob(store, name);
  return existing(store, name);
}

export function stoppedWorkspace(store: Store, name: string): Workspace {
  runningWorkspace(store, name);
  store.act(name, 'stop', user);
  finishJob(store, name);
  return existing(store, name);
}

export function failedWorkspace(store: Store, name: string): Workspace {
  createWorkspace(store, name);
  finishJob(store, name, {
    outcome: 'failed',
    code: 'instance_failed',
    message: 'It ended <at once>',
    instanceStopped: true,
  });
  return existing(store, name);
}

export function existing(store: Store, name: string): Workspace {
  const workspace = store.workspace(name);
  if (!workspace) throw new Error(`${name} does not exist`);
  return workspace;
}
