/** Instances at rest: making them, copying them, finding them, removing them. */
import { rmSync } from 'node:fs';
import { TidepoolError } from '@tidepool/core';
import { asDiskFull } from '../file-errors.ts';
import type { Instance, InstanceSpec, Operation } from '../runtime.ts';
import { processStarts } from './process-starts.ts';
import { liveRun, newestRun } from './run-record.ts';
import type { TartHome } from './tart-home.ts';
import { imageMachine } from './tart-images.ts';
import { machineOf, virtualMachines } from './virtual-machines.ts';

/** Longest copy of a disk, in ms: on APFS it is a moment, on another file system it copies every byte. */
const cloneLimit = 600_000;
/** Longest wait, in ms, for a running source to write down what it has in memory. */
const syncLimit = 10_000;

export async function createMachine(home: TartHome, spec: InstanceSpec, operation: Operation): Promise<void> {
  await make(home, spec, operation, async (machines) => {
    const image = imageMachine(spec.image);
    if (image !== null && machines.includes(image)) return image;
    throw new TidepoolError('image_missing', {
      detail: `Tart has no local virtual machine ${image ?? `for ${spec.image}`}.`,
      fix: 'Make one as docs/tart.md says, then retry.',
    });
  });
}

/** Tart keeps no snapshots, so there is only the disk as it is now; a running source is as after a power cut. */
export async function cloneMachine(
  home: TartHome,
  spec: InstanceSpec,
  source: { readonly id: string; readonly snapshot: string | null },
  operation: Operation,
): Promise<void> {
  await make(home, spec, operation, async (machines) => {
    const name = home.vmName(source.id);
    if (source.snapshot !== null || home.read(source.id) === null || !machines.includes(name)) {
      throw new TidepoolError('instance_not_found', { detail: 'There is no such workspace or snapshot to copy.' });
    }
    if ((await liveRun(home, source.id, operation.signal)) !== null) {
      // Where nobody inside answers, its journal makes its disk good.
      await home.tart.run(['exec', name, 'sync'], operation.signal, syncLimit).catch(() => {});
    }
    return name;
  });
}

export async function inspectMachine(home: TartHome, id: string, signal: AbortSignal): Promise<Instance | null> {
  if (home.read(id) === null) return null;
  const [machine, run] = await Promise.all([machineOf(home, id, signal), liveRun(home, id, signal)]);
  return machine === null ? null : toInstance(home, id, run);
}

export async function listMachines(home: TartHome, signal: AbortSignal): Promise<Instance[]> {
  const runs = new Map(home.ids().map((id) => [id, newestRun(home.paths(id).runs)]));
  const pids = [...runs.values()].flatMap((run) => run?.pid ?? []);
  const [machines, starts] = await Promise.all([virtualMachines(home.tart, signal), processStarts(pids, signal)]);
  const names = new Set(machines.map(({ name }) => name));
  return [...runs].flatMap(([id, run]) => {
    if (!names.has(home.vmName(id)) || home.read(id) === null) return [];
    return toInstance(home, id, run !== null && starts.get(run.pid) === run.startTime ? run : null);
  });
}

export async function removeMachine(home: TartHome, id: string, { fence, signal }: Operation): Promise<void> {
  signal.throwIfAborted();
  home.fences.raiseIfRoom(id, fence);
  const machine = await machineOf(home, id, signal);
  if (machine?.running || (await liveRun(home, id, signal)) !== null) {
    throw new TidepoolError('wrong_status', { detail: 'The workspace still runs.' });
  }
  home.fences.check(id, fence);
  if (machine !== null) await deleteMachine(home, machine.name, signal);
  await deleteDrafts(home, id, signal);
  rmSync(home.paths(id).root, { recursive: true, force: true });
}

/**
 * Clones what `source` names into a draft and renames that: `tart clone` would replace a machine of that name, disk and
 * all, `tart rename` refuses to. So an attempt that comes late destroys nothing.
 */
async function make(
  home: TartHome,
  spec: InstanceSpec,
  { fence, signal }: Operation,
  source: (machines: readonly string[]) => Promise<string>,
): Promise<void> {
  signal.throwIfAborted();
  const { id } = spec;
  const { tart } = home;
  const name = home.vmName(id);
  try {
    home.fences.raise(id, fence);
    const machines = (await virtualMachines(tart, signal)).map((machine) => machine.name);
    if (!machines.includes(name)) {
      const draft = `${name}.${crypto.randomUUID().slice(0, 8)}`;
      await tart.run(['clone', await source(machines), draft], signal, cloneLimit);
      home.fences.check(id, fence);
      await rename(home, id, draft, signal);
    }
    home.fences.check(id, fence);
    home.write(spec);
    await deleteDrafts(home, id, signal);
  } catch (error) {
    throw asDiskFull(error);
  }
}

async function rename(home: TartHome, id: string, draft: string, signal: AbortSignal): Promise<void> {
  try {
    await home.tart.run(['rename', draft, home.vmName(id)], signal);
  } catch (error) {
    // Somebody else was first, and may have deleted our draft with his own.
    if ((await machineOf(home, id, signal)) === null) throw error;
  }
}

/** What attempts have left that were killed or overtaken. */
async function deleteDrafts(home: TartHome, id: string, signal: AbortSignal): Promise<void> {
  const machines = await virtualMachines(home.tart, signal);
  for (const { name } of machines) if (name.startsWith(`${home.vmName(id)}.`)) await deleteMachine(home, name, signal);
}

async function deleteMachine({ tart }: TartHome, name: string, signal: AbortSignal): Promise<void> {
  try {
    await tart.run(['delete', name], signal, cloneLimit);
  } catch (error) {
    if (!(error instanceof TidepoolError && error.code === 'instance_not_found')) throw error;
  }
}

function toInstance(home: TartHome, id: string, run: { readonly jobId: string } | null): Instance {
  const state = run === null ? 'stopped' : 'running';
  return { id, state, startedBy: run?.jobId ?? null, fence: home.fences.highest(id) };
}
