/** What is there before anything is done: the daemon, its objects, the programs, what the host could run. */
import { basename, dirname } from 'node:path';
import { isOlder, TidepoolError } from '@tidepool/core';
import { type IncusClient, incusReplies, oldestVersion } from '@tidepool/runtime';
import { z } from 'zod';
import type { Host } from '../preflight/host.ts';
import { findIncusd, runningDaemons } from './incusd.ts';
import { listObjects } from './list-objects.ts';
import type { Setup } from './setup.ts';

const server = z.object({
  environment: z.object({
    driver: z.string(),
    server_version: z.string(),
    server_pid: z.int(),
    storage_supported_drivers: z.array(z.object({ Name: z.string() })).nullable(),
  }),
});

export interface IncusServer {
  readonly version: string;
  /** Such as `lxc` or `lxc | qemu`. */
  readonly driver: string;
  readonly pid: number;
  readonly storageDrivers: readonly string[];
}

/** What there is of pools and networks, ours or not; a machine's own interfaces are networks too. */
export interface IncusObjects {
  readonly pools: readonly z.infer<typeof incusReplies.pool>[];
  readonly networks: readonly z.infer<typeof incusReplies.network>[];
}

export interface Survey {
  /** The daemon is not one that this host could start: it is reached by https, or by a socket of another name. */
  readonly remote: boolean;
  /** Null where none answers. */
  readonly server: IncusServer | null;
  /** Null where none answers, or it is too old to be asked. */
  readonly objects: IncusObjects | null;
  /** Why a daemon that is there cannot be used; null where none runs. */
  readonly trouble: TidepoolError | null;
  /** A daemon has been here and does not run now: what it holds is not known. */
  readonly isAsleep: boolean;
  /** The daemon's program, where it is installed. */
  readonly incusd: string | null;
  /** Whether the pool that is to be used is there. */
  readonly hasPool: boolean;
  /** Whether this host's kernel can run virtual machines of Incus. */
  readonly canVirtualize: boolean;
}

/** INCUS_DIR as the configuration has it; null where the daemon is none that this host could start. */
export function incusDirectory({ incus }: Setup['config']): string | null {
  const { place } = incus;
  return place.kind === 'unix' && basename(place.socket) === 'unix.socket' ? dirname(place.socket) : null;
}

export async function surveyIncus({ config, host, incus, directory, signal }: Place): Promise<Survey> {
  const found = await askServer({ config, host, incus, directory, signal });
  const usable = found.server !== null && !isOlder(found.server.version, oldestVersion);
  const objects = usable ? await readObjects(incus, signal) : null;
  return {
    ...found,
    remote: directory === null,
    isAsleep: found.server === null && directory !== null && host.exists(`${directory}/database/global`),
    objects,
    incusd: findIncusd(host),
    hasPool: objects?.pools.some(({ name }) => name === config.incus.pool) ?? false,
    canVirtualize: canVirtualize(host),
  };
}

type Place = Pick<Setup, 'config' | 'host' | 'incus' | 'directory' | 'signal'>;

async function askServer({
  config,
  host,
  incus,
  directory,
  signal,
}: Place): Promise<Pick<Survey, 'server' | 'trouble'>> {
  const { place } = config.incus;
  if (directory === null && place.kind === 'unix' && !host.exists(place.socket)) {
    return { server: null, trouble: noSocket(place.socket) };
  }
  try {
    // A client that it does not trust is told nothing of the environment.
    const { value } = await incus.read('/1.0', z.union([server, z.object({ auth: z.literal('untrusted') })]), signal);
    if (!('environment' in value)) {
      const detail = 'Incus answers, but does not trust this client.';
      const fix =
        "Add the client's certificate there: `incus config trust add-certificate client.crt`, see docs/incus.md.";
      return { server: null, trouble: new TidepoolError('runtime_forbidden', { detail, fix }) };
    }
    const { driver, server_version: version, server_pid: pid, storage_supported_drivers: drivers } = value.environment;
    return { server: { version, driver, pid, storageDrivers: (drivers ?? []).map(({ Name }) => Name) }, trouble: null };
  } catch (error) {
    if (!(error instanceof TidepoolError)) throw error;
    // A socket that its daemon left behind.
    const isOver = error.code === 'runtime_missing' || error.code === 'runtime_unavailable';
    const runs = directory !== null && runningDaemons().some((daemon) => daemon.directory === directory);
    return { server: null, trouble: isOver && directory !== null && !runs ? null : error };
  }
}

/** One of another name than Incus gives it, so that it cannot be told which daemon is meant. */
function noSocket(socket: string): TidepoolError {
  const detail = `TIDEPOOL_INCUS_URL names ${socket}, and there is no socket there.`;
  const fix = 'Put that right, or leave it out for the Incus of this machine.';
  return new TidepoolError('runtime_missing', { detail, fix });
}

async function readObjects(incus: IncusClient, signal: AbortSignal): Promise<IncusObjects> {
  const [pools, networks] = await Promise.all([
    listObjects(incus, '/1.0/storage-pools', incusReplies.pool, signal),
    listObjects(incus, '/1.0/networks', incusReplies.network, signal),
  ]);
  return { pools, networks };
}

/** udev makes both devices, and loads what is behind the second when it is opened. */
function canVirtualize(host: Host): boolean {
  return host.exists('/dev/kvm') && host.exists('/dev/vhost-vsock');
}
