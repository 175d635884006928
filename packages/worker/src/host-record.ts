/** What the host is and can, looked at now: the row from which the server answers `GET /api/host`. */
import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { diskFinding, type Finding, finding, type HostRecord, type Storage, TidepoolError } from '@tidepool/core';
import { z } from 'zod';
import type { Parts } from './parts.ts';
import type { ProxyCare } from './proxy-care.ts';
import type { RuntimeCare } from './runtime-care.ts';

const bytesPerMiB = 1024 * 1024;
/** Free space is told in steps of so many MiB, so that not every log line is news. */
const freeStepMiB = 64;

/** Of the runtime's storage, in percent, from which on it is said that it runs full. */
const fullFrom = 90;

export async function observeHost(
  { runtime, config, store }: Pick<Parts, 'runtime' | 'config' | 'store'>,
  known: {
    readonly caddy: ReturnType<ProxyCare['known']>;
    readonly queue: readonly Finding[];
    readonly runtime: Pick<RuntimeCare, 'attempt' | 'known'>;
    readonly unknownInstances: readonly string[];
  },
  signal: AbortSignal,
): Promise<HostRecord> {
  const [seen, disk, preflight] = await Promise.all([
    lookAtRuntime(runtime, known.runtime, store.host(), signal),
    statfs(config.home),
    preflightFindings(`${config.paths.run}/findings.json`),
  ]);
  const mebibytes = (blocks: number) => Math.floor((blocks * disk.bsize) / bytesPerMiB);
  const freeMiB = inSteps(store.freeDiskMiB());
  return {
    runtime: seen.runtime,
    routes: { kind: config.routes, ...known.caddy.state },
    images: [...seen.images],
    cpus: availableParallelism(),
    totalMemoryMiB: Math.floor(totalmem() / bytesPerMiB),
    disk: { totalMiB: mebibytes(disk.blocks), freeMiB },
    storage: seen.storage && { ...seen.storage, freeMiB: inSteps(seen.storage.freeMiB) },
    findings: newest([
      ...preflight,
      diskFinding('disk', config.home, freeMiB),
      ...seen.findings,
      ...runningFull(seen.storage),
      ...known.caddy.findings,
      ...known.queue,
      ...orphans(known.unknownInstances),
    ]),
    observedAt: new Date().toISOString(),
  };
}

/** Whether the disk has come to run short, or is no longer short, since it was looked at for the record. */
export function isDiskNews({ store, config }: Pick<Parts, 'store' | 'config'>): boolean {
  const known = store.host()?.findings.find(({ id }) => id === 'disk');
  return known !== undefined && known.fix !== diskFinding('disk', config.home, store.freeDiskMiB()).fix;
}

function inSteps(mebibytes: number): number {
  return Math.floor(mebibytes / freeStepMiB) * freeStepMiB;
}

type Seen = Pick<HostRecord, 'runtime' | 'images' | 'storage'> & { readonly findings: readonly Finding[] };

/** As it is now, or, where it does not answer, as it was `last`. @throws `runtime_unavailable` where it never did */
async function lookAtRuntime(
  runtime: Parts['runtime'],
  care: Pick<RuntimeCare, 'attempt' | 'known'>,
  last: HostRecord | null,
  signal: AbortSignal,
): Promise<Seen> {
  const ask = (limited: AbortSignal) => Promise.all([runtime.describe(limited), runtime.images(limited)]);
  // One that is known not to answer is asked by its own repetition.
  const answer = care.known() === null ? await care.attempt(ask, signal) : null;
  if (answer !== null) {
    const [{ kind, version, capabilities, storage, findings }, images] = answer;
    return { runtime: { kind, version, capabilities, healthy: true }, images: [...images], storage, findings };
  }
  const away = care.known();
  if (last === null) {
    throw new TidepoolError('runtime_unavailable', { passing: true, ...(away && { detail: away.detail }) });
  }
  const { images, storage } = last;
  return { runtime: { ...last.runtime, healthy: false }, images, storage, findings: away ? [away] : [] };
}

function runningFull(storage: Storage | null): Finding[] {
  if (storage === null || storage.freeMiB > storage.totalMiB * (1 - fullFrom / 100)) return [];
  return [
    {
      id: 'runtime.storage',
      title: 'Disks of workspaces',
      status: 'warning',
      detail: `The storage ${storage.name} has ${storage.freeMiB} MiB left of ${storage.totalMiB}. When it is full, workspaces can no longer save.`,
      fix: 'Delete workspaces or old images, or make the storage larger.',
      commands: [],
    },
  ];
}

/** What the runtime says now stands for what the preflight said of the same. */
function newest(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((each) => [each.id, each])).values()];
}

/** Written by `tidepool up`; a worker that was started alone has none. */
async function preflightFindings(path: string): Promise<Finding[]> {
  try {
    return z.array(finding).parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function orphans(ids: readonly string[]): Finding[] {
  if (ids.length === 0) return [];
  return [
    {
      id: 'instances.unknown',
      title: 'Machines without a workspace',
      status: 'warning',
      detail: `The database knows nothing of ${ids.join(', ')}. They may hold somebody's files, so they are left alone.`,
      fix: 'If another database belongs to this home, put it back. Otherwise remove them by hand.',
      commands: [],
    },
  ];
}
