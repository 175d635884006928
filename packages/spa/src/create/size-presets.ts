/** Sizes to choose with one click, from what this host gives where nothing is said. */
import { type Host, memoryMiB as memorySchema } from '@tidepool/core';
import { formatCpus, formatMemory, memoryInput } from '../workspaces/size.ts';

export interface SizePreset {
  readonly label: string;
  readonly cpus: string;
  /** In GiB, as it stands in the field. */
  readonly memory: string;
  readonly cpuWords: string;
  readonly memoryWords: string;
}

/** Those that this host could ever hold. */
export function sizePresets({ defaults, capacity, observed }: Host): readonly SizePreset[] {
  const most = observed?.cpus ?? defaults.cpus;
  const sizes = [
    ['Small', Math.max(1, Math.floor(defaults.cpus / 2)), defaults.memoryMiB / 2],
    ['Usual', defaults.cpus, defaults.memoryMiB],
    ['Large', Math.max(defaults.cpus, Math.min(most, defaults.cpus * 2)), defaults.memoryMiB * 2],
  ] as const;
  return sizes
    .filter(([, , mib]) => mib <= capacity.budgetMiB && memorySchema.safeParse(mib).success)
    .map(([label, cpus, mib]) => ({
      label,
      cpus: String(cpus),
      memory: memoryInput(mib),
      cpuWords: formatCpus(cpus),
      memoryWords: formatMemory(mib),
    }));
}
