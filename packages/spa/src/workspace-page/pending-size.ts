/** What a running workspace is set to, where its present run was given something else. */
import type { Workspace } from '@tidepool/core';
import { formatCpus, formatMemory } from '../workspaces/size.ts';

export type Size = Pick<Workspace, 'cpus' | 'memoryMiB' | 'diskGiB'>;

/** @returns only what differs; null where nothing does, or it does not run */
export function pendingSize({
  inForce,
  cpus,
  memoryMiB,
  diskGiB,
}: Size & Pick<Workspace, 'inForce'>): Partial<Size> | null {
  if (inForce === null) return null;
  const pending = {
    ...(cpus === inForce.cpus ? {} : { cpus }),
    ...(memoryMiB === inForce.memoryMiB ? {} : { memoryMiB }),
    ...(diskGiB === inForce.diskGiB ? {} : { diskGiB }),
  };
  return Object.keys(pending).length === 0 ? null : pending;
}

/** `4 CPUs, 8 GiB of memory and 40 GiB of disk`; less where less is given. */
export function sizeWords({ cpus, memoryMiB, diskGiB }: Partial<Size>): string {
  const parts = [
    ...(cpus === undefined ? [] : [formatCpus(cpus)]),
    ...(memoryMiB === undefined ? [] : [`${formatMemory(memoryMiB)} of memory`]),
    ...(diskGiB === undefined ? [] : [`${diskGiB} GiB of disk`]),
  ];
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
