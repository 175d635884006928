/**
 * Changes to an instance's labels and configuration under its fence. Incus makes a change conditional by `If-Match`, so
 * raising the fence and what goes with it is one step that happens whole, once, and never over a higher one.
 */
import { TidepoolError } from '@tidepool/core';
import type { Operation } from '../runtime.ts';
import { addressWithin, bridgeSubnet, isAddressOutside } from './bridge.ts';
import { isBusy, isNotFound, untilIdle } from './busy.ts';
import { IncusError } from './client/incus-error.ts';
import type { IncusInstance } from './client/replies.ts';
import { type IncusHome, labels } from './incus-home.ts';

export interface Amendment {
  /** An empty value takes a key away. */
  readonly config?: Readonly<Record<string, string>> | undefined;
  readonly devices?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
}

/** Others change the same instance in between; so many at once there never are. */
const mostAttempts = 50;

export function fenceOf({ config }: IncusInstance): number {
  return Number(config[labels.fence] ?? 0);
}

/**
 * Raises the fence and applies what `amendmentOf` wants of the instance as it is. Gives the instance as it was right
 * before; null where there is none. @throws `fence_lost`
 */
export async function amend(
  home: IncusHome,
  id: string,
  { fence, signal }: Operation,
  amendmentOf: (found: IncusInstance) => Amendment | Promise<Amendment> = () => ({}),
): Promise<IncusInstance | null> {
  let moved: Amendment['devices'];
  for (let attempt = 1; ; attempt += 1) {
    const found = await home.find(id, signal);
    if (found === null) return null;
    const { value, etag } = found;
    refuseLower(fence, fenceOf(value));
    const { config, devices } = await amendmentOf(value);
    const json = amended(value, fence, { config, devices: { ...moved, ...devices } });
    if (json === null) return value;
    try {
      await home.client.change({ method: 'PATCH', path: home.instancePath(id), json, ifMatch: etag }, signal);
      return value;
    } catch (error) {
      if (attempt === mostAttempts) throw error;
      if (isBusy(error)) await untilIdle(home, id, signal);
      else if (isAddressOutside(error) && moved === undefined) moved = await cardWithin(home, id, value, signal);
      else if (!isNotFound(error) && !isChanged(error) && !isUncopied(error)) throw error;
    }
  }
}

/** Whether the fence is still the highest, after a change that could not be made conditional. @throws `fence_lost` */
export async function checkFence(
  home: IncusHome,
  id: string,
  { fence, signal }: Operation,
): Promise<IncusInstance | null> {
  const found = await home.find(id, signal);
  if (found !== null) refuseLower(fence, fenceOf(found.value));
  return found?.value ?? null;
}

/** As `amend`: its disk is whole, and may hold somebody's files. @throws `fence_lost` */
export function markMade(home: IncusHome, id: string, operation: Operation): Promise<IncusInstance | null> {
  return amend(home, id, operation, () => ({ config: { [labels.made]: 'true' } }));
}

export function refuseLower(fence: number, seen: number): void {
  if (fence < seen) throw new TidepoolError('fence_lost', { detail: `Fence ${fence} is older than ${seen}.` });
}

/** Its network card on the bridge as that is now. Incus moves no running one, which is cut off already: it loses its card until its next start. */
async function cardWithin(
  { client, options }: IncusHome,
  id: string,
  found: IncusInstance,
  signal: AbortSignal,
): Promise<Amendment['devices']> {
  if (found.status !== 'Stopped') return { eth0: { type: 'none' } };
  const subnet = await bridgeSubnet(client, options.config, signal);
  return { eth0: { ...found.devices.eth0, 'ipv4.address': addressWithin(subnet, found, id) } };
}

/** Null where nothing would change. */
function amended(found: IncusInstance, fence: number, { config = {}, devices = {} }: Amendment): Amendment | null {
  const wanted = { ...config, [labels.fence]: String(fence) };
  const keys = Object.entries(wanted).filter(([key, value]) => (found.config[key] ?? '') !== value);
  const parts = Object.entries(devices).filter(([name, device]) => !sameDevice(found.devices[name], device));
  if (keys.length === 0 && parts.length === 0) return null;
  return {
    config: Object.fromEntries(keys),
    ...(parts.length === 0 ? {} : { devices: Object.fromEntries(parts) }),
  };
}

function sameDevice(
  found: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>>,
): boolean {
  const text = (device: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(device).sort());
  return found !== undefined && text(found) === text(wanted);
}

/**
 * The change is in Incus's database, and its copy on the instance's own disk (`backup.yaml`) could not be written, because
 * that disk or the pool is full: the next look finds it made. `lxc.Update` of 6.0.
 */
function isUncopied(error: unknown): boolean {
  return error instanceof IncusError && /failed to write backup file/i.test(error.message);
}

/** It is no longer as it was when it was looked at. */
export function isChanged(error: unknown): boolean {
  return error instanceof IncusError && error.status === 412;
}
