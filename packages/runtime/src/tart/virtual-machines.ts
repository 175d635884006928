/** What Tart says of the virtual machines that it has. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TidepoolError } from '@tidepool/core';
import { z } from 'zod';
import type { Tart } from './tart-command.ts';
import type { TartHome } from './tart-home.ts';

export interface VirtualMachine {
  readonly name: string;
  readonly running: boolean;
  /** What it takes on the disk, in whole GB (10⁹ bytes). */
  readonly sizeGB: number;
}

const listed = z.array(z.object({ Name: z.string(), Size: z.number(), State: z.string() }));
const described = z.object({ CPU: z.int(), Memory: z.int(), Disk: z.int() });

/** All local ones, ours or not. */
export async function virtualMachines(tart: Tart, signal: AbortSignal): Promise<VirtualMachine[]> {
  return listed
    .parse(JSON.parse(await list(tart, signal)))
    .map(({ Name, Size, State }) => ({ name: Name, sizeGB: Size, running: State === 'running' }));
}

/** Tried three times: `tart list` fails as a whole where a machine is deleted while it looks. */
async function list(tart: Tart, signal: AbortSignal): Promise<string> {
  for (let tries = 1; ; tries++) {
    try {
      return await tart.run(['list', '--source', 'local', '--format', 'json'], signal);
    } catch (error) {
      const passing = error instanceof TidepoolError && error.passing;
      if (!passing || tries === 3) throw error;
      await sleep(100, undefined, { signal });
    }
  }
}

/** The one of an instance; null where it is not there. */
export async function machineOf(
  { tart, vmName }: TartHome,
  id: string,
  signal: AbortSignal,
): Promise<VirtualMachine | null> {
  return (await virtualMachines(tart, signal)).find(({ name }) => name === vmName(id)) ?? null;
}

export interface MachineSize {
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
}

/** Gives a stopped machine its size. The disk only grows: Tart refuses to make one smaller. */
export async function setSize(tart: Tart, name: string, size: MachineSize, signal: AbortSignal): Promise<void> {
  const now = described.parse(JSON.parse(await tart.run(['get', name, '--format', 'json'], signal)));
  // Tart counts disks in GB of 10⁹ bytes, memory in MiB although it says MB.
  const diskGB = Math.ceil((size.diskGiB * 2 ** 30) / 1e9);
  const changes = [
    ...(now.CPU === size.cpus ? [] : ['--cpu', String(size.cpus)]),
    ...(now.Memory === size.memoryMiB ? [] : ['--memory', String(size.memoryMiB)]),
    ...(now.Disk >= diskGB ? [] : ['--disk-size', String(diskGB)]),
  ];
  if (changes.length > 0) await tart.run(['set', name, ...changes], signal);
}
