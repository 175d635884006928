/** The history of the last hour, a sample for each minute: what all workspaces took, also while none runs. */
import type { Store } from '@tidepool/db';
import type { Taken } from './usage-sampler.ts';

const minuteMs = 60_000;
/** Into a minute, how long its sample waits for a first measurement. */
const patienceMs = 30_000;

export interface HostSamplerOptions {
  readonly store: Pick<Store, 'counts' | 'capacity' | 'sampled'>;
  /** What was measured since it was asked last; null where nothing was. */
  readonly taken: () => Taken | null;
  readonly now?: () => Date;
}

/** @returns one look, to be repeated several times a minute: the first that can tell writes the minute's sample */
export function createHostSampler({ store, taken, now = () => new Date() }: HostSamplerOptions): () => void {
  let written: number | undefined;
  return () => {
    const nowMs = now().getTime();
    const begun = Math.floor(nowMs / minuteMs) * minuteMs;
    if (begun === written) return;
    const { running } = store.counts();
    // Nothing takes nothing, whether or not the runtime can measure.
    const known = running === 0 ? nothing : taken();
    if (known === null && nowMs < begun + patienceMs) return;
    const { memoryMiB, cpus } = known ?? unknown;
    const at = new Date(begun).toISOString();
    store.sampled({ at, running, allottedMiB: store.capacity().usedMiB, memoryMiB, cpus });
    written = begun;
  };
}

const nothing: Taken = { memoryMiB: 0, cpus: 0 };
const unknown = { memoryMiB: null, cpus: null };
