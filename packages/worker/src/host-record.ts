/** What the host is and can, looked at now: the row from which the server answers `GET /api/host`. */
import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { type Finding, finding, type HostRecord } from '@tidepool/core';
import { z } from 'zod';
import type { Parts } from './parts.ts';
import type { ProxyCare } from './proxy-care.ts';

const bytesPerMiB = 1024 * 1024;
/** Free space is told in steps of so many MiB, so that not every log line is news. */
const freeStepMiB = 64;

export async function observeHost(
  { runtime, config }: Pick<Parts, 'runtime' | 'config'>,
  known: {
    readonly caddy: ReturnType<ProxyCare['known']>;
    readonly queue: readonly Finding[];
    readonly unknownInstances: readonly string[];
  },
  signal: AbortSignal,
): Promise<HostRecord> {
  const [info, images, disk, preflight] = await Promise.all([
    runtime.describe(signal),
    runtime.images(signal),
    statfs(config.home),
    preflightFindings(`${config.paths.run}/findings.json`),
  ]);
  const { kind, version, capabilities } = info;
  const mebibytes = (blocks: number) => Math.floor((blocks * disk.bsize) / bytesPerMiB);
  return {
    runtime: { kind, version, capabilities },
    routes: { kind: config.routes, ...known.caddy.state },
    images: [...images],
    cpus: availableParallelism(),
    totalMemoryMiB: Math.floor(totalmem() / bytesPerMiB),
    disk: {
      totalMiB: mebibytes(disk.blocks),
      freeMiB: Math.floor(mebibytes(disk.bavail) / freeStepMiB) * freeStepMiB,
    },
    findings: newest([
      ...preflight,
      ...info.findings,
      ...known.caddy.findings,
      ...known.queue,
      ...orphans(known.unknownInstances),
    ]),
    observedAt: new Date().toISOString(),
  };
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
