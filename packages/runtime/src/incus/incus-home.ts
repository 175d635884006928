/** What all methods of the adapter share: the client, whose instances are ours, and where each is found. */
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncusConfig, TidepoolError } from '@tidepool/core';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { IncusClient } from './client/incus-client.ts';
import { createIncusClient } from './client/incus-client.ts';
import { type IncusInstance, instance } from './client/replies.ts';
import type { Origin } from './create-instance.ts';
import { createMemory, type Memory, type Recall } from './memory.ts';
import type { Subnet } from './subnet.ts';

export interface IncusOptions {
  readonly config: IncusConfig;
  /** Tidepool's home: its identity in Incus is kept there. */
  readonly home: string;
  /** Built image trees; those of a daemon on this machine are shared by its instances. */
  readonly images: string;
  readonly log: Logger;
}

export interface IncusHome {
  readonly options: IncusOptions;
  readonly client: IncusClient;
  readonly memory: Memory;
  /** By the bridge's name. */
  readonly recallSubnet: Recall<Subnet>;
  /** By the image's name. */
  readonly recallOrigin: Recall<Origin>;
  /** Whether the daemon runs on this machine: it sees our files, and we its network. */
  readonly local: boolean;
  /** What instances of this home are labelled with: random, so that homes of several hosts may share a project. Null before the first. */
  identity(): string | null;
  /** As `identity`, made where there is none yet. */
  claimIdentity(): string;
  /** Below `/1.0`, in our project: `path('instances/x', 'recursion=1')`. */
  path(what: string, query?: string): string;
  instancePath(id: string, what?: string): string;
  /** Whether it is an instance of this home, by its labels and its name: a copy that somebody made has the labels too. */
  owns(found: IncusInstance): boolean;
  /** The workspace's instance as it is now; null where there is none, or only one of that name that is not ours. */
  find(
    id: string,
    signal: AbortSignal,
  ): Promise<{ readonly value: IncusInstance; readonly etag: string | null } | null>;
  /** For a workspace that `find` does not find: refuses what only bears its labels, such as one that was renamed. @throws `instance_foreign` */
  refuseRenamed(id: string, signal: AbortSignal): Promise<void>;
}

export const labels = {
  workspace: 'user.tidepool.workspace',
  home: 'user.tidepool.home',
  name: 'user.tidepool.name',
  fence: 'user.tidepool.fence',
  job: 'user.tidepool.job',
  /** Set when its disk is whole, or when it runs for the first time: what is stopped without it has been used by nobody. */
  made: 'user.tidepool.made',
  /** Names of whole snapshots, for the same reason. */
  snapshots: 'user.tidepool.snapshots',
  /** The file on the host to which its console is written. */
  log: 'user.tidepool.log',
} as const;

/** Also told apart by its label: a name is no proof. */
export function instanceName(workspaceId: string): string {
  return `tp-${workspaceId}`;
}

/** The workspace's id; null for what does not bear such a name. */
export function workspaceOf(name: string): string | null {
  return /^tp-([0-9a-f-]{36})$/.exec(name)?.[1] ?? null;
}

export function openIncusHome(options: IncusOptions): IncusHome {
  const { config, home } = options;
  const client = createIncusClient(config.place);
  const file = identityFile(home);
  const identity = () => readIdentity(file);
  const memory = createMemory();
  const path = (what: string, query = '') => `/1.0/${what}?project=${config.project}${query === '' ? '' : `&${query}`}`;
  const owns = ({ name, config: found }: IncusInstance) => {
    const own = identity();
    const id = found[labels.workspace];
    return own !== null && found[labels.home] === own && id !== undefined && name === instanceName(id);
  };
  const instancePath = (id: string, what = '') => path(`instances/${instanceName(id)}${what}`);
  return {
    options,
    client,
    memory,
    recallSubnet: memory.about(),
    recallOrigin: memory.about(),
    local: config.place.kind === 'unix',
    identity,
    claimIdentity: () => identity() ?? makeIdentity(file, home),
    path,
    instancePath,
    owns,
    async find(id, signal) {
      const found = await client.find(instancePath(id), instance, signal);
      return found !== null && owns(found.value) && found.value.config[labels.workspace] === id ? found : null;
    },
    async refuseRenamed(id, signal) {
      const own = identity();
      if (own === null) return;
      const { value } = await client.read(path('instances', 'recursion=1'), z.array(instance), signal);
      const found = value.find(({ config: has }) => has[labels.workspace] === id && has[labels.home] === own);
      if (found === undefined || found.name === instanceName(id)) return;
      throw new TidepoolError('instance_foreign', {
        detail: `The machine of this workspace, with its files, is called "${found.name}" in Incus.`,
        fix: `Give it its name back: incus rename ${found.name} ${instanceName(id)} --project ${config.project}. Then retry.`,
      });
    },
  };
}

/** Whether this home has ever made an instance on Incus. */
export function hasIncusIdentity(home: string): boolean {
  return readIdentity(identityFile(home)) !== null;
}

function identityFile(home: string): string {
  return `${home}/incus-identity`;
}

function readIdentity(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Two processes that make it at once agree: a link is made whole, and once. */
function makeIdentity(file: string, home: string): string {
  mkdirSync(home, { recursive: true });
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${randomUUID()}\n`);
  try {
    linkSync(own, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(own, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
}
