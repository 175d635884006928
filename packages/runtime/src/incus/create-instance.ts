/** Making instances: from an image, or as a copy of another one. */
import { TidepoolError } from '@tidepool/core';
import type { ForStart, InstanceSpec, Operation } from '../runtime.ts';
import { fenceOf, markMade, refuseLower } from './amend.ts';
import { firstAddress, knownSubnet } from './bridge.ts';
import { isBusy, isNotFound, untilIdle } from './busy.ts';
import { IncusError } from './client/incus-error.ts';
import { type IncusInstance, image as imageReply, instance } from './client/replies.ts';
import { asFailure } from './incus-failure.ts';
import { type IncusHome, instanceName, labels } from './incus-home.ts';
import { type InstanceType, type Startable, startAmendment, treeOfImage } from './instance-config.ts';
import { aliasOf, chooseType, findAlias, readServer } from './instance-type.ts';
import { stateOf } from './run-state.ts';
import { wholeSnapshots } from './snapshots.ts';
import type { Subnet } from './subnet.ts';
import { refuseRemoved } from './tombstones.ts';

/** Where its disk comes from, in Incus's words. */
export interface Origin {
  readonly source: Readonly<Record<string, unknown>>;
  /** What it brings along. */
  readonly brings: Startable;
}

type Creation = Operation | ForStart;

/** Each meets a change of somebody else. */
const mostAttempts = 20;

export function createInstance(home: IncusHome, spec: InstanceSpec, operation: Creation): Promise<void> {
  const { image } = spec;
  return make(home, spec, operation, () => home.recallOrigin(image, () => imageOrigin(home, image, operation.signal)));
}

export function cloneInstance(
  home: IncusHome,
  spec: InstanceSpec,
  source: { readonly id: string; readonly snapshot: string | null },
  operation: Operation,
): Promise<void> {
  return make(home, spec, operation, async () => {
    const from = await home.find(source.id, operation.signal);
    const isThere = from !== null && (source.snapshot === null || wholeSnapshots(from.value).includes(source.snapshot));
    if (!isThere) throw new TidepoolError('instance_not_found', { detail: 'There is nothing to copy from.' });
    const name = instanceName(source.id);
    return {
      brings: from.value,
      source: {
        type: 'copy',
        source: source.snapshot === null ? name : `${name}/${source.snapshot}`,
        project: home.options.config.project,
        // Without the snapshots of its own.
        instance_only: true,
      },
    };
  });
}

/**
 * One that is there and whole stays as it is. Of one that is not whole, which a daemon or a worker left that died, nobody
 * has seen anything: it is made anew.
 */
async function make(
  home: IncusHome,
  spec: InstanceSpec,
  operation: Creation,
  originOf: () => Promise<Origin>,
): Promise<void> {
  const { id } = spec;
  const { signal } = operation;
  home.claimIdentity();
  let isAnew = false;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const looking = Promise.all([originOf(), knownSubnet(home, signal), refuseRemoved(home, id, operation)]);
    // Awaited below, where there is none yet.
    looking.catch(() => undefined);
    const found = await findOwn(home, id, signal);
    if (found !== null) refuseLower(operation.fence, fenceOf(found));
    // Nothing to do, and nothing to raise the fence for: its start does.
    if (found !== null && isMade(found)) return;
    if (found === null) {
      const [origin, subnet] = await looking;
      try {
        if (await post(home, spec, operation, origin, subnet)) return;
      } catch (error) {
        if (!(error instanceof IncusError)) throw error;
        if (isAnew) throw refusal(error, origin);
        // What was remembered may be so no more: once more, with what is so now.
        isAnew = true;
        home.memory.forget();
      }
    } else {
      await clear(home, id, operation, isMade);
    }
  }
  const detail = `Something else makes and removes ${instanceName(id)} all the time.`;
  throw new TidepoolError('instance_failed', { detail, passing: true });
}

/** With all that its start wants of it, which then has nothing to change. False where somebody else was faster. */
async function post(
  home: IncusHome,
  spec: InstanceSpec,
  operation: Creation,
  { source, brings }: Origin,
  subnet: Subnet,
): Promise<boolean> {
  const { id } = spec;
  const { fence, signal } = operation;
  const jobId = 'jobId' in operation ? operation.jobId : '';
  const given = { jobId, address: firstAddress(subnet, id), subnet, extraMiB: 0 };
  const { config, devices } = startAmendment(home, brings, spec, given);
  // An empty value takes away what is there; of a new one Incus would hold it against others that are set.
  const set = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== ''));
  const json = {
    name: instanceName(id),
    type: brings.type,
    source,
    config: {
      ...set,
      [labels.workspace]: id,
      [labels.home]: home.claimIdentity(),
      [labels.fence]: String(fence),
      // Of a copy these would be the source's.
      [labels.job]: jobId,
      [labels.log]: config[labels.log] ?? '',
      [labels.made]: '',
      [labels.snapshots]: '',
      // Whether it runs after the host was started again is decided by Tidepool.
      'boot.autostart': 'false',
    },
    devices,
  };
  try {
    await home.client.change({ method: 'POST', path: home.path('instances'), json }, signal);
  } catch (error) {
    if (isTaken(error) || isBusy(error)) {
      await untilIdle(home, id, signal);
      return false;
    }
    throw error;
  }
  return settle(home, id, operation);
}

function refusal(error: IncusError, { source }: Origin): unknown {
  if (!isNotFound(error) || source.type !== 'copy') return asFailure(error, 'instance_failed');
  return new TidepoolError('instance_not_found', { detail: 'There is nothing to copy from.', cause: error });
}

/**
 * From here on it is whole, unless it was removed while it was made: then this one goes, too, which nobody has used. One
 * that its job starts now is marked by that start, which then need not wait for it: until then it has nobody's files.
 */
async function settle(home: IncusHome, id: string, operation: Creation): Promise<boolean> {
  try {
    await refuseRemoved(home, id, operation);
    return 'jobId' in operation || (await markMade(home, id, operation)) !== null;
  } catch (error) {
    if (error instanceof TidepoolError && error.code === 'fence_lost') await clear(home, id, operation, isUsed);
    throw error;
  }
}

/** Removes what is not `kept`. Whoever still works on it is waited for: it may become whole. */
async function clear(
  home: IncusHome,
  id: string,
  { fence, signal }: Operation,
  kept: (found: IncusInstance) => boolean,
): Promise<void> {
  await untilIdle(home, id, signal);
  const found = await home.find(id, signal);
  if (found === null || kept(found.value)) return;
  refuseLower(fence, fenceOf(found.value));
  try {
    await home.client.change({ method: 'DELETE', path: home.instancePath(id) }, signal);
  } catch (error) {
    if (!isNotFound(error) && !isBusy(error)) throw asFailure(error, 'instance_failed');
  }
}

/** @throws `instance_foreign` */
async function findOwn(home: IncusHome, id: string, signal: AbortSignal): Promise<IncusInstance | null> {
  const found = await home.client.find(home.instancePath(id), instance, signal);
  if (found === null || home.owns(found.value)) return found?.value ?? null;
  const detail = `The project ${home.options.config.project} of Incus has an instance ${instanceName(id)} that this Tidepool did not make.`;
  throw new TidepoolError('instance_foreign', { detail });
}

/** @throws `image_missing` */
async function imageOrigin(home: IncusHome, image: string, signal: AbortSignal): Promise<Origin> {
  const [, version] = /^workspace@([0-9a-f]{12})$/.exec(image) ?? [];
  const { type } = home.options.config;
  const of = async (wanted: InstanceType) =>
    version === undefined ? null : findAlias(home, aliasOf(wanted, version), signal);
  const [server, machine, container] = await Promise.all([
    readServer(home.client, signal),
    type === 'container' ? null : of('virtual-machine'),
    of('container'),
  ]);
  const chosen = chooseType(type, server.canRunMachines, machine !== null);
  const fingerprint = chosen === 'virtual-machine' ? machine : container;
  if (fingerprint === null) {
    const detail = `Incus has no image ${image} in the project ${home.options.config.project}.`;
    throw new TidepoolError('image_missing', { detail });
  }
  const { value } = await home.client.read(home.path(`images/${fingerprint}`), imageReply, signal);
  const tree = value.properties?.['tidepool.tree'] ?? '';
  return {
    source: { type: 'image', fingerprint },
    brings: { type: chosen, config: { [treeOfImage]: tree }, devices: {} },
  };
}

/** What Incus notes for the first start once a disk has all of its image: `CreateInstanceFromImage` of 6.0 to 7.3. */
const whole = { key: 'volatile.apply_template', value: 'create' } as const;

/** Whether its disk is whole. Only what is whole is ever started, and its first start is over only when it is marked. */
function isMade(found: IncusInstance): boolean {
  return isUsed(found) || found.config[whole.key] === whole.value;
}

/** Whether its disk may hold somebody's files. */
function isUsed(found: IncusInstance): boolean {
  return (found.config[labels.made] ?? '') !== '' || stateOf(found) !== 'stopped';
}

function isTaken(error: unknown): boolean {
  return (
    error instanceof IncusError &&
    /UNIQUE constraint failed: instances\.|"instances" entry already exists/i.test(error.message)
  );
}
