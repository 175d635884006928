/** Running, paused or stopped: reading it, and asking Incus to change it. */
import type { Instance } from '../runtime.ts';
import { fenceOf } from './amend.ts';
import type { IncusInstance } from './client/replies.ts';
import { type IncusHome, labels } from './incus-home.ts';

export function stateOf({ status }: IncusInstance): Instance['state'] {
  if (status === 'Frozen') return 'paused';
  // `Error`: Incus cannot tell; nothing that it knows of runs.
  return status === 'Stopped' || status === 'Error' ? 'stopped' : 'running';
}

export function asInstance(found: IncusInstance): Instance {
  const state = stateOf(found);
  const job = found.config[labels.job] ?? '';
  return {
    id: found.config[labels.workspace] ?? '',
    state,
    startedBy: state === 'stopped' || job === '' ? null : job,
    fence: fenceOf(found),
  };
}

export interface StateChange {
  readonly action: 'start' | 'stop' | 'freeze' | 'unfreeze';
  readonly force?: boolean;
  /** Seconds that a clean stop may take. */
  readonly timeout?: number;
}

export async function changeState(
  home: IncusHome,
  id: string,
  change: StateChange,
  signal: AbortSignal,
): Promise<void> {
  await home.client.change({ method: 'PUT', path: home.instancePath(id, '/state'), json: change }, signal);
}
