/** What running workspaces take, measured again and again: of processor time only differences mean something. */
import type { Store } from '@tidepool/db';
import type { InstanceUsage, Runtime } from '@tidepool/runtime';
import type { LookAtPorts } from './listening-ports.ts';

/** Milliseconds that the runtime has for its answer. */
const answerMs = 10_000;

interface Reading {
  readonly cpuSeconds: number;
  readonly atMs: number;
}

/** By all of them together. */
export interface Taken {
  /** At the last look. */
  readonly memoryMiB: number;
  /** Cores in use on average; null where all looks were first ones. */
  readonly cpus: number | null;
}

export interface UsageSampler {
  /** To be repeated. It throws what `Runtime.usage` throws. */
  look(signal: AbortSignal): Promise<void>;
  /** What was found since this was asked last; null where nobody looked. */
  taken(): Taken | null;
}

export interface UsageSamplerOptions {
  readonly store: Pick<Store, 'measured'>;
  readonly runtime: Pick<Runtime, 'usage'>;
  readonly ports: LookAtPorts;
  /** Whether something runs, on a runtime that can measure: else it is not asked. */
  readonly isNeeded: () => boolean;
  readonly monotonicMs?: () => number;
}

export function createUsageSampler(options: UsageSamplerOptions): UsageSampler {
  const { store, runtime, ports, isNeeded, monotonicMs = () => performance.now() } = options;
  let readings: ReadonlyMap<string, Reading> = new Map();
  // What an earlier worker measured is not known here: the first look writes, whatever it finds.
  let isCleared = false;
  let since: { readonly memoryMiB: number; readonly cores: readonly number[] } | null = null;

  return {
    async look(signal) {
      // Of a port that is registered meanwhile nobody knows yet whether something listens.
      const begunAt = new Date();
      const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
      const taken = isNeeded() ? await runtime.usage(limit) : [];
      if (taken.length === 0 && isCleared) return;
      const atMs = monotonicMs();
      const listening = await ports(taken, signal);
      const rows = taken.map(({ id, cpuSeconds, memoryMiB, diskMiB }) => {
        const cpus = coresSince(readings.get(id), { cpuSeconds, atMs });
        return { workspaceId: id, cpus, memoryMiB, diskMiB, listening: listening.get(id) ?? null };
      });
      store.measured(rows, begunAt);
      readings = new Map(taken.map(({ id, cpuSeconds }) => [id, { cpuSeconds, atMs }]));
      isCleared = taken.length === 0;
      since = { memoryMiB: memoryOf(taken), cores: [...(since?.cores ?? []), ...coresOf(rows)] };
    },
    taken() {
      if (since === null) return null;
      const { memoryMiB, cores } = since;
      since = null;
      return { memoryMiB, cpus: cores.length === 0 ? null : rounded(sumOf(cores) / cores.length) };
    },
  };
}

/** Null at the first reading of a run: one that counts less than the one before is of another run. */
function coresSince(before: Reading | undefined, now: Reading): number | null {
  if (before === undefined || now.cpuSeconds < before.cpuSeconds || now.atMs <= before.atMs) return null;
  return rounded((now.cpuSeconds - before.cpuSeconds) / ((now.atMs - before.atMs) / 1000));
}

function memoryOf(taken: readonly InstanceUsage[]): number {
  return sumOf(taken.map(({ memoryMiB }) => memoryMiB));
}

/** Of one look, all together; none where it was the first of each. */
function coresOf(rows: readonly { readonly cpus: number | null }[]): number[] {
  const known = rows.flatMap(({ cpus }) => cpus ?? []);
  return known.length === 0 ? [] : [sumOf(known)];
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function rounded(cores: number): number {
  return Math.round(cores * 100) / 100;
}
