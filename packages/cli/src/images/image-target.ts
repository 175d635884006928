/** Where images are kept, by runtime: what is missing there, how it is built, what is there, how one goes. */
import type { Config, ImageRecord } from '@tidepool/core';
import {
  type BuildOptions,
  buildMachine,
  buildTree,
  createIncusClient,
  findTree,
  hasIncusIdentity,
  type ImagePart,
  listMachines,
  listTrees,
  machinesOf,
  missingMachineParts,
  removeMachine,
  removeTreeImage,
} from '@tidepool/runtime';
import type { Host } from '../preflight/host.ts';
import { systemOrigin } from './system-origin.ts';

export const imageRuntimes = ['incus', 'sandbox'] as const;
export type ImageRuntime = (typeof imageRuntimes)[number];

export interface ImageTarget {
  readonly runtime: ImageRuntime;
  /** What a build would have to make now; null where today's image is there and current. */
  missing(signal: AbortSignal): Promise<readonly ImagePart[] | null>;
  /** @returns the version. @throws TidepoolError `image_failed`, `disk_full`, and as the runtime does */
  build(options: Omit<BuildOptions, 'imagesDirectory'>): Promise<string>;
  list(signal: AbortSignal): Promise<readonly ImageRecord[]>;
  /** Takes one away for good. Whether somebody needs it was asked before. */
  remove(version: string, signal: AbortSignal): Promise<void>;
  /** Machines that are made of it, whoever's they are, as far as the runtime knows. */
  usedBy(version: string, signal: AbortSignal): Promise<readonly string[]>;
  close(): Promise<void>;
}

export function openImageTarget(config: Config, runtime: ImageRuntime, host: Host): ImageTarget {
  return runtime === 'incus' ? incusTarget(config, host) : sandboxTarget(config);
}

/** Null for runtimes whose images are not built here. */
export function asImageRuntime(kind: string): ImageRuntime | null {
  return imageRuntimes.find((known) => known === kind) ?? null;
}

function sandboxTarget(config: Config): ImageTarget {
  const imagesDirectory = config.paths.images;
  return {
    runtime: 'sandbox',
    missing: async () => ((await findTree(imagesDirectory)) === null ? ['tree'] : null),
    build: async (options) => (await buildTree({ ...options, imagesDirectory })).version,
    list: () => listTrees(imagesDirectory),
    remove: (version, signal) => removeTreeImage(imagesDirectory, version, signal),
    // Machines of Incus have the trees of this host mounted.
    usedBy: async (version, signal) => {
      if (!hasIncusIdentity(config.home)) return [];
      const client = createIncusClient(config.incus.place);
      try {
        return await machinesOf({ client, config: config.incus, imagesDirectory, signal }, version);
      } finally {
        await client.close();
      }
    },
    close: async () => {},
  };
}

function incusTarget(config: Config, host: Host): ImageTarget {
  const imagesDirectory = config.paths.images;
  const client = createIncusClient(config.incus.place);
  const place = { client, config: config.incus, imagesDirectory };
  return {
    runtime: 'incus',
    missing: async (signal) => missingMachineParts({ ...place, origin: await systemOrigin(host), signal }),
    build: async (options) => buildMachine({ ...options, ...place, origin: await systemOrigin(host) }),
    list: (signal) => listMachines({ ...place, signal }),
    remove: (version, signal) => removeMachine({ ...place, signal }, version),
    usedBy: (version, signal) => machinesOf({ ...place, signal }, version),
    close: () => client.close(),
  };
}
