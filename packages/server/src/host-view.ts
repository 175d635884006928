/** What `/api/host` shows: the worker's row, counted capacity, whether worker and queue answer. */
import {
  type Config,
  defaultCpus,
  defaultDiskGiB,
  defaultImageName,
  defaultMemoryMiB,
  type Host,
  type ImageRecord,
  imageReference,
  TidepoolError,
} from '@tidepool/core';
import type { Reads } from '@tidepool/db';
import { type Queue, queueEndpoint } from '@tidepool/queue';
import { createQueueHealth } from './queue-health.ts';

export interface HostView {
  read(): Promise<Host>;
  /** @throws TidepoolError `not_ready` until a worker has looked */
  images(): readonly ImageRecord[];
  /**
   * What a new workspace gets where the request names nothing.
   * @throws TidepoolError `not_ready` until a worker has looked; `image_missing` where it found none, `image_not_found` where none has that name
   */
  newWorkspace(image?: string): {
    readonly image: string;
    readonly cpus: number;
    readonly memoryMiB: number;
    readonly diskGiB: number;
  };
}

export function createHostView(parts: {
  readonly store: Reads;
  readonly queue: Pick<Queue, 'check'>;
  readonly config: Config;
  readonly version: string;
}): HostView {
  const { store, config } = parts;
  const queueHealth = createQueueHealth({ queue: parts.queue, endpoint: queueEndpoint(config.queue) });
  const memoryMiB = defaultMemoryMiB(config.budgetMiB);
  const observed = () => {
    const seen = store.host();
    if (seen) return seen;
    throw new TidepoolError('not_ready', { detail: 'No worker has looked at this host yet.' });
  };
  /** The current version of the image of that name. */
  const image = (wanted: string): string | null => {
    const found = store.host()?.images.find(({ name, current }) => current && name === wanted);
    return found ? imageReference(found) : null;
  };

  return {
    read: async () => ({
      observed: store.host(),
      capacity: store.capacity(),
      counts: store.counts(),
      worker: { alive: store.workerAlive() },
      queue: await queueHealth(),
      defaults: {
        cpus: defaultCpus,
        memoryMiB,
        diskGiB: defaultDiskGiB,
        image: image(defaultImageName) ?? defaultImageName,
      },
      origins: { ...config.origins, workspacePort: config.ports.workspace },
      versions: { tidepool: parts.version, node: process.versions.node },
      typical: store.typical(),
    }),
    images: () => observed().images,
    newWorkspace: (wanted = defaultImageName) => {
      observed();
      const present = image(wanted);
      if (present !== null) return { image: present, cpus: defaultCpus, memoryMiB, diskGiB: defaultDiskGiB };
      if (wanted === defaultImageName) throw new TidepoolError('image_missing');
      throw new TidepoolError('image_not_found', {
        detail: `There is no image "${wanted}".`,
        fields: [{ field: 'body.image', message: 'No image has this name.' }],
      });
    },
  };
}
