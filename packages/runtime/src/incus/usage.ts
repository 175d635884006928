/** What instances take now, all in one call. */
import { z } from 'zod';
import type { InstanceUsage } from '../runtime.ts';
import { instanceWithState } from './client/replies.ts';
import { type IncusHome, labels } from './incus-home.ts';
import { stateOf } from './run-state.ts';

export async function measureUsage(home: IncusHome, signal: AbortSignal): Promise<readonly InstanceUsage[]> {
  const { value } = await home.client.read(home.path('instances', 'recursion=2'), z.array(instanceWithState), signal);
  return value
    .filter((found) => home.owns(found) && stateOf(found) !== 'stopped')
    .flatMap(({ config, state }) => {
      if (state === null) return [];
      const disk = state.disk?.root?.usage;
      return {
        id: config[labels.workspace] ?? '',
        cpuSeconds: state.cpu.usage / 1e9,
        memoryMiB: Math.round(state.memory.usage / 2 ** 20),
        diskMiB: disk === undefined ? null : Math.round(disk / 2 ** 20),
        // Its sockets are another machine's where it is virtual, or Incus runs elsewhere.
        listening: null,
      };
    });
}
