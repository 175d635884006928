/** Instances at rest: making them, finding them, removing them. */
import { rmSync } from 'node:fs';
import { TidepoolError } from '@tidepool/core';
import { asDiskFull } from '../file-errors.ts';
import type { Instance, InstanceSpec, Operation } from '../runtime.ts';
import { removeGroup } from './cgroup.ts';
import { freeMiB, instanceIds, makeDirectories, readInstance, writeInstance } from './instance-files.ts';
import { clearRelays } from './relays.ts';
import { removeTree } from './remove-tree.ts';
import type { SandboxHome } from './sandbox-home.ts';
import { claimShortId, findShortId, releaseShortId } from './short-id.ts';

/** With less than this much disk no new instance is made: an editor that cannot save is worse than none. */
const neededMiB = 64;

export function createInstance(home: SandboxHome, spec: InstanceSpec, { fence, signal }: Operation): void {
  signal.throwIfAborted();
  const { id } = spec;
  const paths = home.paths(id);
  home.imageTree(spec.image);
  const user = home.user();
  try {
    home.fences.raise(id, fence);
    const existing = readInstance(paths);
    if (existing === null && freeMiB(home.options.sandboxes) < neededMiB) throw new TidepoolError('disk_full');
    const relay = existing?.relay ?? claimShortId(home.shortIds, id);
    if (existing === null) makeDirectories(paths, user);
    home.fences.check(id, fence);
    writeInstance(paths, spec, relay);
  } catch (error) {
    const failure = asDiskFull(error);
    const full = failure instanceof TidepoolError && failure.code === 'disk_full';
    if (full && readInstance(paths) === null) forget(home, id);
    throw failure;
  }
}

export function inspectInstance(home: SandboxHome, id: string): Instance | null {
  if (readInstance(home.paths(id)) === null) return null;
  const run = home.run(id);
  const fence = home.fences.highest(id);
  return { id, state: run === null ? 'stopped' : 'running', startedBy: run?.jobId ?? null, fence };
}

export function listInstances(home: SandboxHome): Instance[] {
  return instanceIds(home.options.sandboxes).flatMap((id) => inspectInstance(home, id) ?? []);
}

export async function removeInstance(home: SandboxHome, id: string, { fence, signal }: Operation): Promise<void> {
  signal.throwIfAborted();
  home.fences.raiseIfRoom(id, fence);
  if (home.run(id) !== null) throw new TidepoolError('wrong_status', { detail: 'The workspace still runs.' });
  const short = findShortId(home.shortIds, id);
  home.fences.check(id, fence);
  await removeTree(home.paths(id).root, home.trash, signal);
  if (short !== null) {
    clearRelays(`${home.options.relay}/${short}`);
    releaseShortId(home.shortIds, short);
  }
  if ('base' in home.cgroup) await removeGroup(home.cgroup.base, home.cgroup.home, id);
}

/** Takes back a half-made instance, in which no guest has ever run. */
function forget(home: SandboxHome, id: string): void {
  rmSync(home.paths(id).root, { recursive: true, force: true });
  const short = findShortId(home.shortIds, id);
  if (short !== null) releaseShortId(home.shortIds, short);
}
