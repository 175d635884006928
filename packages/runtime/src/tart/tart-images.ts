/** The images: local virtual machines named `tidepool-image-<name>-<version>`, made as docs/tart.md says. */
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ImageRecord } from '@tidepool/core';
import type { TartHome } from './tart-home.ts';
import { type VirtualMachine, virtualMachines } from './virtual-machines.ts';

/** The virtual machine that `workspace@<version>` means; null for what is no such reference. */
export function imageMachine(reference: string): string | null {
  const [, name, version] = /^([a-z]+)@(\w+)$/.exec(reference) ?? [];
  return name && version ? `tidepool-image-${name}-${version}` : null;
}

export async function tartImages({ tart, options }: TartHome, signal: AbortSignal): Promise<ImageRecord[]> {
  const directory = join(options.tartHome ?? join(homedir(), '.tart'), 'vms');
  const machines = await virtualMachines(tart, signal);
  const found = machines.flatMap((machine) => imageRecord(machine, directory) ?? []);
  const isCurrent = ({ name, version }: ImageRecord) =>
    options.image === null
      ? found.every((other) => other.name !== name || compareVersions(version, other.version) >= 0)
      : imageMachine(`${name}@${version}`) === options.image;
  return found.map((image) => ({ ...image, current: isCurrent(image) }));
}

function imageRecord({ name, sizeGB }: VirtualMachine, directory: string): ImageRecord | null {
  const [, kind, version] = /^tidepool-image-([a-z]+)-(\w+)$/.exec(name) ?? [];
  // Tart tells when a machine was last used and not when it was made; its directory does.
  const made = statSync(join(directory, name), { throwIfNoEntry: false })?.birthtime;
  if (!kind || !version || made === undefined) return null;
  const sizeMiB = Math.round((sizeGB * 1e9) / 2 ** 20);
  return { name: kind, version, builtAt: made.toISOString(), sizeMiB, current: false };
}

const compareVersions = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });
