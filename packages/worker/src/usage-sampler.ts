/** What running workspaces take, measured again and again: of processor time only differences mean something. */
import type { Store } from '@tidepool/db';
import type { Runtime } from '@tidepool/runtime';

/** Milliseconds that the runtime has for its answer. */
const answerMs = 10_000;

interface Reading {
  readonly cpuSeconds: number;
  readonly atMs: number;
}

export interface UsageSamplerOptions {
  readonly store: Pick<Store, 'measured'>;
  readonly runtime: Pick<Runtime, 'usage'>;
  /** Whether something runs, on a runtime that can measure: else it is not asked. */
  readonly isNeeded: () => boolean;
  readonly monotonicMs?: () => number;
}

/** @returns one look, to be repeated. It throws what `Runtime.usage` throws */
export function createUsageSampler(options: UsageSamplerOptions): (signal: AbortSignal) => Promise<void> {
  const { store, runtime, isNeeded, monotonicMs = () => performance.now() } = options;
  let readings: ReadonlyMap<string, Reading> = new Map();
  // What an earlier worker measured is not known here: the first look writes, whatever it finds.
  let isCleared = false;

  return async (signal) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
    const taken = isNeeded() ? await runtime.usage(limit) : [];
    if (taken.length === 0 && isCleared) return;
    const atMs = monotonicMs();
    const rows = taken.map(({ id, cpuSeconds, memoryMiB, diskMiB }) => {
      const cpus = coresSince(readings.get(id), { cpuSeconds, atMs });
      return { workspaceId: id, cpus, memoryMiB, diskMiB, listening: null };
    });
    store.measured(rows, new Date());
    readings = new Map(taken.map(({ id, cpuSeconds }) => [id, { cpuSeconds, atMs }]));
    isCleared = taken.length === 0;
  };
}

/** Null at the first reading of a run: one that counts less than the one before is of another run. */
function coresSince(before: Reading | undefined, now: Reading): number | null {
  if (before === undefined || now.cpuSeconds < before.cpuSeconds || now.atMs <= before.atMs) return null;
  const cores = (now.cpuSeconds - before.cpuSeconds) / ((now.atMs - before.atMs) / 1000);
  return Math.round(cores * 100) / 100;
}
