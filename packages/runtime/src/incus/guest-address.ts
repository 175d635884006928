/** Where an instance is reached: the address that it was given, once it has it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TidepoolError } from '@tidepool/core';
import { addressOf } from './bridge.ts';
import { type IncusInstance, instanceState } from './client/replies.ts';
import type { IncusHome } from './incus-home.ts';

/** Milliseconds. A container has it before its first program runs; a virtual machine asks for it when it has booted. */
const patience = { container: 2_000, 'virtual-machine': 25_000 } as const;
/** Nothing tells when a guest has taken its address. */
const pause = 100;

/** @throws `instance_no_address`, `instance_not_running` */
export async function guestAddress(
  home: IncusHome,
  id: string,
  found: IncusInstance,
  signal: AbortSignal,
): Promise<string> {
  const given = addressOf(found);
  const until = performance.now() + patience[found.type === 'container' ? 'container' : 'virtual-machine'];
  for (;;) {
    const { value } = await home.client.read(home.instancePath(id, '/state'), instanceState, signal);
    if (value.status === 'Stopped') throw new TidepoolError('instance_not_running');
    const has = value.network?.eth0?.addresses.map(({ address }) => address) ?? [];
    if (given !== null && has.includes(given)) return given;
    if (performance.now() > until) {
      const detail = `It was to have ${given ?? 'an address'} and has ${has.join(', ') || 'none'}.`;
      throw new TidepoolError('instance_no_address', { detail });
    }
    await sleep(pause, undefined, { signal });
  }
}
