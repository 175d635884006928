/** What `/api/host` shows: the worker's row, counted capacity, whether worker and queue answer. */
import {
  type Config,
  defaultCpus,
  defaultDiskGiB,
  defaultImageName,
  defaultMemoryMiB,
  diskFinding,
  type Host,
  type HostRecord,
  type ImageRecord,
  imageReference,
  leastDiskGiB,
  type Storage,
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
  /** Whether the place of the disks can ever hold one of that size. @throws TidepoolError `exceeds_capacity` */
  checkDisk(diskGiB: number): void;
  /** Whether another disk has a chance there now. @throws TidepoolError `pool_full` */
  checkSpace(): void;
}

/** MiB that have to be free for another disk: an editor that cannot save is worse than none. */
const neededMiB = 1024;

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
  /** Where the size of disks is enforced, with how much it can hold; null where it is not, or nobody knows. */
  const storage = () => {
    const seen = store.host();
    return seen?.runtime.capabilities.diskLimit ? seen.storage : null;
  };
  const newDiskGiB = () => {
    const place = storage();
    return place ? Math.max(leastDiskGiB, Math.min(defaultDiskGiB, wholeGiB(place))) : defaultDiskGiB;
  };
  /** The current version of the image of that name. */
  const image = (wanted: string): string | null => {
    const found = store.host()?.images.find(({ name, current }) => current && name === wanted);
    return found ? imageReference(found) : null;
  };

  return {
    read: async () => ({
      observed: withDiskAsNow(store, config.home),
      capacity: store.capacity(),
      counts: store.counts(),
      worker: { alive: store.workerAlive() },
      queue: await queueHealth(),
      defaults: {
        cpus: defaultCpus,
        memoryMiB,
        diskGiB: newDiskGiB(),
        image: image(defaultImageName) ?? defaultImageName,
      },
      origins: { ...config.origins, workspacePort: config.ports.workspace },
      versions: { tidepool: parts.version, node: process.versions.node },
      typical: store.typical(),
    }),
    images: () => observed().images,
    checkDisk(diskGiB) {
      const place = storage();
      if (place === null || diskGiB <= wholeGiB(place)) return;
      throw new TidepoolError('exceeds_capacity', {
        detail: `The storage ${place.name} holds ${wholeGiB(place)} GiB in all.`,
        fields: [{ field: 'body.diskGiB', message: `At most ${wholeGiB(place)}.` }],
        fix: 'Ask for a smaller disk, or make the storage larger.',
      });
    },
    checkSpace() {
      const place = store.host()?.storage;
      if (!place || place.freeMiB >= neededMiB) return;
      throw new TidepoolError('pool_full', { detail: `The storage ${place.name} has ${place.freeMiB} MiB left.` });
    },
    newWorkspace: (wanted = defaultImageName) => {
      observed();
      const present = image(wanted);
      if (present !== null) return { image: present, cpus: defaultCpus, memoryMiB, diskGiB: newDiskGiB() };
      if (wanted === defaultImageName) throw new TidepoolError('image_missing');
      throw new TidepoolError('image_not_found', {
        detail: `There is no image "${wanted}".`,
        fields: [{ field: 'body.image', message: 'No image has this name.' }],
      });
    },
  };
}

/** The worker's row, and the disk as it is now: it was looked at up to half a minute ago, and may have been filled or freed since. */
function withDiskAsNow(store: Reads, home: string): HostRecord | null {
  const seen = store.host();
  if (seen === null) return null;
  const freeMiB = store.freeDiskMiB();
  const now = diskFinding('disk', home, freeMiB);
  return {
    ...seen,
    disk: { ...seen.disk, freeMiB },
    findings: seen.findings.map((each) => (each.id === now.id ? now : each)),
  };
}

function wholeGiB({ totalMiB }: Storage): number {
  return Math.floor(totalMiB / 1024);
}
