/** What `/api/host` shows: the worker's row, counted capacity, whether worker and queue answer. */
import { type Config, defaultCpus, defaultMemoryMiB, type Host, TidepoolError } from '@tidepool/core';
import type { Reads } from '@tidepool/db';
import type { Queue } from '@tidepool/queue';

export interface HostView {
  read(): Promise<Host>;
  /**
   * What a new workspace gets where the request names nothing.
   * @throws TidepoolError `not_ready` until a worker has looked; `image_missing` where it found none
   */
  newWorkspace(): { readonly image: string; readonly cpus: number; readonly memoryMiB: number };
}

export function createHostView(parts: {
  readonly store: Reads;
  readonly queue: Pick<Queue, 'healthy'>;
  readonly config: Config;
  readonly version: string;
}): HostView {
  const { store, config } = parts;
  const queueHealthy = remembered(() => parts.queue.healthy(), 5_000);
  const memoryMiB = defaultMemoryMiB(config.budgetMiB);
  const image = (): string | null => {
    const found = store.host()?.image;
    return found ? `${found.name}@${found.version}` : null;
  };

  return {
    read: async () => ({
      observed: store.host(),
      capacity: store.capacity(),
      counts: store.counts(),
      worker: { alive: store.workerAlive() },
      queue: { healthy: await queueHealthy() },
      defaults: { cpus: defaultCpus, memoryMiB, image: image() ?? 'workspace' },
      origins: { ...config.origins, workspacePort: config.ports.workspace },
      versions: { tidepool: parts.version, node: process.versions.node },
      typical: store.typical(),
    }),
    newWorkspace: () => {
      if (!store.host()) {
        throw new TidepoolError('not_ready', { detail: 'No worker has looked at this host yet.' });
      }
      const present = image();
      if (present === null) throw new TidepoolError('image_missing');
      return { image: present, cpus: defaultCpus, memoryMiB };
    },
  };
}

/** The answer, asked for anew once it is older than `forMs`; who asks meanwhile shares the question. */
function remembered(ask: () => Promise<boolean>, forMs: number): () => Promise<boolean> {
  let asked: { readonly at: number; readonly answer: Promise<boolean> } | undefined;
  return () => {
    const now = performance.now();
    if (!asked || now - asked.at > forMs) asked = { at: now, answer: ask() };
    return asked.answer;
  };
}
