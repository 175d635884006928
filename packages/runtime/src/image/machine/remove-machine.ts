/** Images in Incus as their owner sees them: what is there, who has it, and taking one away. */
import { rm } from 'node:fs/promises';
import type { ImageRecord } from '@tidepool/core';
import { imageSource } from '../recipe.ts';
import { removeTreeImage } from '../tree/remove-tree-image.ts';
import { treeVersion } from '../tree/tree-version.ts';
import type { MachinePlace } from './build-machine.ts';
import { openImageStore } from './incus-image-store.ts';
import { machineArchive } from './machine-part.ts';

export function listMachines({
  client,
  config,
  imagesDirectory,
  signal,
}: MachinePlace): Promise<readonly ImageRecord[]> {
  return openImageStore(client, config, imagesDirectory).list(signal);
}

/** Names of workspaces made of a version, of whichever home. */
export function machinesOf(
  { client, config, imagesDirectory, signal }: MachinePlace,
  version: string,
): Promise<readonly string[]> {
  return openImageStore(client, config, imagesDirectory).usedBy(version, signal);
}

/** From Incus, with the archive that it was taken from, and with its tree where that is nobody else's. */
export async function removeMachine(place: MachinePlace, version: string): Promise<void> {
  const { client, config, imagesDirectory, source = imageSource, signal } = place;
  const tree = await openImageStore(client, config, imagesDirectory).remove(version, signal);
  await rm(machineArchive(imagesDirectory, version), { force: true });
  if (tree !== null && tree !== (await treeVersion(source))) await removeTreeImage(imagesDirectory, tree, signal);
}
