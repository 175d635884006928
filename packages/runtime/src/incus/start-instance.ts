/** Starting an instance: its size, name and address in one conditional change, then the start itself. */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { parseIpv4, TidepoolError } from '@tidepool/core';
import { z } from 'zod';
import type { ForStart, InstanceSpec } from '../runtime.ts';
import { amend, markMade } from './amend.ts';
import { addressOf, addressWithin, bridgeSubnet, isAddressOutside, isAddressTaken, knownSubnet } from './bridge.ts';
import { isBusy, untilIdle } from './busy.ts';
import { IncusError } from './client/incus-error.ts';
import { type IncusInstance, instance, instanceState } from './client/replies.ts';
import { asFailure } from './incus-failure.ts';
import type { IncusHome } from './incus-home.ts';
import { rootMiB, startAmendment } from './instance-config.ts';
import { changeState, stateOf } from './run-state.ts';
import { addressAt, roomOf, type Subnet } from './subnet.ts';

/** Each meets a change of somebody else, or an address that is taken. */
const mostAttempts = 20;
/** What a full disk gets with a start, so that its owner can clear it: Incus itself writes to it each time. So much in all. */
const extraMiB = { once: 16, most: 1024 } as const;
/** What Incus counts as used leaves out what is still as the image brought it, some 900. */
const mostSharedMiB = 2048;

export async function startInstance(home: IncusHome, spec: InstanceSpec, operation: ForStart): Promise<void> {
  const { id } = spec;
  const { signal } = operation;
  let [extra, isGiven] = [0, false];
  let isAnew = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const found = await prepare(home, spec, operation, extra);
      extra = 0;
      if (found === null) throw new TidepoolError('instance_not_found');
      const state = stateOf(found);
      if (state === 'running') break;
      await changeState(home, id, { action: state === 'paused' ? 'unfreeze' : 'start' }, signal);
      break;
    } catch (error) {
      if (!(error instanceof IncusError) || attempt === mostAttempts) throw asFailure(error, 'instance_failed');
      if (isAddressTaken(error)) await moveAway(home, id, operation);
      else if (isAddressOutside(error) && !isAnew) {
        // The range that was remembered is another since.
        isAnew = true;
        home.memory.forget();
      } else if (isBusy(error)) await untilIdle(home, id, signal);
      else if (isSoAlready(error)) continue;
      else if (!isGiven && (await mayBeFull(home, spec, signal))) [extra, isGiven] = [extraMiB.once, true];
      else throw asFailure(await withCause(home, id, error, signal), 'instance_failed');
    }
  }
  // And the fence is still the highest: the start itself could not be made conditional.
  await markMade(home, id, operation);
}

/** Raises the fence, and gives a stopped one what it is to run with; the instance as it was. */
async function prepare(
  home: IncusHome,
  spec: InstanceSpec,
  operation: ForStart,
  extra: number,
): Promise<IncusInstance | null> {
  const looking = knownSubnet(home, operation.signal);
  // Awaited below, unless the look at the instance fails first.
  looking.catch(() => undefined);
  if (home.local) makeLogFile(spec.logDirectory);
  return amend(home, spec.id, operation, async (found) => {
    if (stateOf(found) !== 'stopped') return {};
    const subnet = await looking;
    const address = addressWithin(subnet, found, spec.id);
    return startAmendment(home, found, spec, { jobId: operation.jobId, address, subnet, extraMiB: extra });
  });
}

/** LXC opens it as root and would make it root's alone: the worker reads it, and moves what grows too long. */
function makeLogFile(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const file = `${directory}/instance.log`;
  closeSync(openSync(file, 'a', 0o640));
  chmodSync(file, 0o640);
}

/** Takes the next address that no instance on the bridge has, in whatever project. */
async function moveAway(home: IncusHome, id: string, operation: ForStart): Promise<void> {
  const { signal } = operation;
  const subnet = await bridgeSubnet(home.client, home.options.config, signal);
  const all = await home.client.read('/1.0/instances?recursion=1&all-projects=true', z.array(instance), signal);
  const taken = new Set(
    all.value.flatMap(({ expanded_devices }) =>
      Object.values(expanded_devices).flatMap((device) => device['ipv4.address'] ?? []),
    ),
  );
  await amend(home, id, operation, (found) => {
    const own = addressOf(found);
    if (stateOf(found) !== 'stopped' || own === null) return {};
    const address = nextFree(subnet, own, taken);
    return { devices: { eth0: { ...found.devices.eth0, 'ipv4.address': address } } };
  });
}

/** @throws `instance_no_address` where all are taken */
function nextFree(subnet: Subnet, own: string, taken: ReadonlySet<string>): string {
  const from = Math.max(0, (parseIpv4(own) ?? 0) - subnet.first);
  for (let step = 0; step < roomOf(subnet); step += 1) {
    const address = addressAt(subnet, from + step);
    if (!taken.has(address)) return address;
  }
  throw new TidepoolError('instance_no_address', { detail: 'Every address of the bridge is taken.' });
}

/** Incus itself says little of a start that LXC gave up: the first error in LXC's log is why. */
async function withCause(home: IncusHome, id: string, error: IncusError, signal: AbortSignal): Promise<IncusError> {
  try {
    const why = firstError(await home.client.text(home.instancePath(id, '/logs/lxc.log'), signal));
    return why === null ? error : new IncusError(error.status, `${error.message} (${why})`);
  } catch {
    signal.throwIfAborted();
    // A machine without a log: the refusal is all there is.
    return error;
  }
}

/** Of lines such as `lxc NAME 20260102030405.678 ERROR    conf - ../src/lxc/conf.c:run_buffer:322 - Script exited`. */
function firstError(log: string): string | null {
  return / ERROR +\S+ - \S+ - (.+)/.exec(log)?.[1]?.trim() ?? null;
}

/**
 * Its own disk, not the pool. Incus and LXC fail on one in many words, some of which say nothing of it, so it is looked at;
 * one more try with more room harms nobody.
 */
async function mayBeFull(home: IncusHome, { id, diskGiB }: InstanceSpec, signal: AbortSignal): Promise<boolean> {
  const [found, state] = await Promise.all([
    home.find(id, signal),
    home.client.find(home.instancePath(id, '/state'), instanceState, signal),
  ]);
  const size = found === null ? 0 : rootMiB(found.value);
  const used = (state?.value.disk?.root?.usage ?? 0) / 2 ** 20;
  return used > size - mostSharedMiB && size < diskGiB * 1024 + extraMiB.most;
}

/** Somebody else did the same a moment before. */
function isSoAlready(error: unknown): boolean {
  return error instanceof IncusError && /already (running|started|stopped|frozen)/i.test(error.message);
}
