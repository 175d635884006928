/**
 * Builds a workspace's machine for Incus once: the tree, the system around it, one archive of both; hands it to Incus, and
 * makes it the image of new workspaces when an instance of it has proved that it boots. A failing one stays out.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { IncusConfig } from '@tidepool/core';
import type { IncusClient } from '../../incus/client/incus-client.ts';
import { IncusError } from '../../incus/client/incus-error.ts';
import { asFailure } from '../../incus/incus-failure.ts';
import { CommandFailed } from '../build-command.ts';
import { type BuildOptions, type BuildPart, buildParts, withBuildLock } from '../build-parts.ts';
import { imageSource } from '../recipe.ts';
import { treePart } from '../tree/build-tree.ts';
import { readTree } from '../tree/image-tree.ts';
import { treeVersion } from '../tree/tree-version.ts';
import { bootTest } from './boot-test.ts';
import { type ImageStore, openImageStore } from './incus-image-store.ts';
import { refuseOrdinaryUser, type SystemOrigin } from './install-system.ts';
import { hasMachineArchive, machineArchive, machinePart } from './machine-part.ts';
import { type BaseSystem, machineVersion } from './machine-version.ts';

export interface MachineBuildOptions extends BuildOptions {
  readonly client: IncusClient;
  readonly config: IncusConfig;
  readonly origin: SystemOrigin;
}

/** What of an image has to be made from nothing: the tree of the editor, the system around it. */
export type ImagePart = 'tree' | 'machine';

export type MachinePlace = Pick<MachineBuildOptions, 'client' | 'config' | 'imagesDirectory' | 'source' | 'signal'>;

/** What a build would have to make; null where today's image is there, and that of new workspaces. */
export async function missingMachineParts(
  options: MachinePlace & { readonly origin: BaseSystem },
): Promise<readonly ImagePart[] | null> {
  const { client, config, imagesDirectory, source = imageSource, origin, signal } = options;
  const store = openImageStore(client, config, imagesDirectory);
  const version = await machineVersion(source, origin);
  const fingerprint = await store.find(version, signal);
  if (fingerprint !== null) return fingerprint === (await store.current(signal)) ? null : [];
  const hasArchive = await hasMachineArchive(imagesDirectory, version);
  const hasTree = (await readTree(imagesDirectory, await treeVersion(source))) !== null;
  return [...(hasTree ? [] : (['tree'] as const)), ...(hasArchive ? [] : (['machine'] as const))];
}

/** Returns the version; at once where it is built. @throws TidepoolError `image_failed`, `disk_full`, `pool_full`, `runtime_not_set_up` */
export async function buildMachine(options: MachineBuildOptions): Promise<string> {
  const { client, config, imagesDirectory, source = imageSource, origin, log, signal } = options;
  const version = await machineVersion(source, origin);
  const store = openImageStore(client, config, imagesDirectory);
  const takeBuilt = async () => {
    const fingerprint = await store.find(version, signal);
    if (fingerprint === null) return false;
    await store.setCurrent(fingerprint, signal);
    return true;
  };
  if (await takeBuilt()) return version;
  return withBuildLock(options, async (building) => {
    await store.clearLeftovers(signal);
    if (await takeBuilt()) return version;
    const tree = await treeVersion(source);
    const hasTree = (await readTree(imagesDirectory, tree)) !== null;
    const hasArchive = await hasMachineArchive(imagesDirectory, version);
    if (!hasArchive) refuseOrdinaryUser();
    const parts = [
      ...(hasTree ? [] : [treePart(building, imagesDirectory, source, tree)]),
      ...(hasArchive ? [] : [machinePart(building, { imagesDirectory, source, version, origin })]),
      handOver(building, store, version, options),
    ];
    await buildParts(building, parts, options);
    log.info({ version }, 'image built');
    return version;
  });
}

/** An interrupted one leaves in Incus what only the next can clear away: its stages are always done anew. */
function handOver(building: string, store: ImageStore, version: string, options: MachineBuildOptions): BuildPart {
  const { client, config, imagesDirectory } = options;
  const staging = join(building, `hand-over-${version}`);
  const archive = machineArchive(imagesDirectory, version);
  let fingerprint = '';
  return {
    staging,
    neededMiB: 0,
    resumes: false,
    stages: [
      {
        name: 'import',
        title: 'Handing the image to Incus',
        seconds: 10,
        async run({ signal }) {
          fingerprint = await translate(() => store.upload(archive, signal));
        },
      },
      {
        name: 'boot',
        title: 'Trying the image: booting it',
        seconds: 14,
        run: ({ signal }) =>
          translate(() => tried(store, archive, () => bootTest({ client, config, store, fingerprint, signal }))),
      },
    ],
    async publish() {
      await store.approve(version, fingerprint, options.signal);
      await store.setCurrent(fingerprint, options.signal);
      // What a build that was killed had under way in Incus may have come to its end meanwhile.
      await store.clearLeftovers(options.signal);
      await rm(staging, { recursive: true, force: true });
    },
  };
}

/** Milliseconds for taking away what a trial has left, also where it was interrupted. */
const clearingLimit = 60_000;

async function tried(store: ImageStore, archive: string, trial: () => Promise<void>): Promise<void> {
  try {
    await trial();
    await store.removeTrials(AbortSignal.timeout(clearingLimit));
  } catch (error) {
    // Where that fails too, the next build does it; what counts is why this one failed.
    await store.clearLeftovers(AbortSignal.timeout(clearingLimit)).catch(() => undefined);
    // It may be the file that is bad: the next build makes another.
    if (error instanceof CommandFailed) await rm(archive, { force: true });
    throw error;
  }
}

async function translate<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof IncusError ? asFailure(error, 'image_failed') : error;
  }
}
