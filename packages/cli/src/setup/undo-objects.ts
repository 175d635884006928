/** Taking away what is ours inside Incus: only what has our label, and never what may hold somebody's work. */
import { TidepoolError } from '@tidepool/core';
import { hostWallTable, type IncusPart, incusReplies, removeHostWall, trialLabel } from '@tidepool/runtime';
import { z } from 'zod';
import { listObjects } from './list-objects.ts';
import { allParts } from './parts.ts';
import { isOurs } from './pool.ts';
import type { Setup } from './setup.ts';
import type { Survey } from './survey.ts';

export interface Removal {
  /** As the plan shows it. */
  readonly will: string;
  carryOut(): Promise<void>;
}

const instance = z.object({ name: z.string(), config: z.record(z.string(), z.string()) });
const volume = z.object({ name: z.string(), type: z.string() });
const poolUse = incusReplies.pool.extend({ used_by: z.array(z.string()).nullable() });

/** In the order in which they can be removed. @throws TidepoolError `wrong_status` while there are workspaces */
export async function objectRemovals(setup: Setup, survey: Survey): Promise<Removal[]> {
  if (survey.objects === null) return [];
  const parts = await allParts(setup, survey, null);
  const ours = await Promise.all(parts.map(async (part) => ((await isThere(part, setup.signal)) ? [part] : [])));
  const hasProject = ours.flat().some(({ id }) => id === 'project');
  const content = hasProject ? await projectContent(setup, survey) : [];
  const removals = ours.flat().reverse();
  return [
    ...content,
    ...removals.filter(({ id }) => id !== 'profile').map((part) => partRemoval(part, setup.signal)),
    ...poolRemoval(setup, survey),
    ...(await wallRemoval(setup)),
  ];
}

/** The bridge of a range that is no longer known is there all the same. */
async function isThere(part: IncusPart, signal: AbortSignal): Promise<boolean> {
  const { kind } = await part.look(signal);
  return kind === 'right' || kind === 'wrong';
}

function partRemoval(part: IncusPart, signal: AbortSignal): Removal {
  return { will: `remove ${part.title}`, carryOut: () => part.remove(signal) };
}

/** What the worker put into the host's own firewall. */
async function wallRemoval({ config, host, directory, signal }: Setup): Promise<Removal[]> {
  const { network } = config.incus;
  const table = hostWallTable(network);
  if (directory === null || !host.isRoot) return [];
  if ((await host.run(['nft', 'list', 'table', 'inet', table])).code !== 0) return [];
  return [{ will: `remove the table ${table} of the firewall`, carryOut: () => removeHostWall(network, signal) }];
}

/** Images and what a boot test left behind; the project must be empty to go. */
async function projectContent({ config, incus, signal }: Setup, { objects }: Survey): Promise<Removal[]> {
  const project = `project=${config.incus.project}`;
  const list = <Schema extends z.ZodType>(path: string, schema: Schema) =>
    listObjects(incus, `/1.0/${path}?${project}`, schema, signal);
  const instances = await list('instances', instance);
  const tests = instances.filter((known) => isBootTest(known.config));
  const workspaces = instances.filter((known) => !isBootTest(known.config));
  const pools = objects?.pools ?? [];
  const volumes = await Promise.all(pools.map(({ name }) => list(`storage-pools/${name}/volumes/custom`, volume)));
  refuseWhileUsed(workspaces, volumes.flat());
  const images = await list('images', incusReplies.image);
  const remove = (path: string) => incus.change({ method: 'DELETE', path: `${path}?${project}` }, signal);
  return [
    ...tests.map(({ name }) => ({
      will: `remove the instance ${name} of a boot test`,
      async carryOut() {
        const stop = { action: 'stop', force: true, timeout: -1 };
        const running = await incus.find(`/1.0/instances/${name}?${project}`, incusReplies.instance, signal);
        if (running !== null && running.value.status !== 'Stopped') {
          await incus.change({ method: 'PUT', path: `/1.0/instances/${name}/state?${project}`, json: stop }, signal);
        }
        await remove(`/1.0/instances/${name}`);
      },
    })),
    ...images.map(({ fingerprint, properties }) => ({
      will: `remove the image ${properties?.['tidepool.version'] ?? fingerprint.slice(0, 12)}`,
      async carryOut() {
        await remove(`/1.0/images/${fingerprint}`);
      },
    })),
  ];
}

function isBootTest(config: Readonly<Record<string, string>>): boolean {
  return config[trialLabel] !== undefined && config['user.tidepool.workspace'] === undefined;
}

function refuseWhileUsed(
  instances: readonly z.infer<typeof instance>[],
  volumes: readonly z.infer<typeof volume>[],
): void {
  const names = [
    ...instances.map(({ name, config }) => config['user.tidepool.name'] ?? name),
    ...volumes.map(({ name }) => `the volume ${name}`),
  ];
  if (names.length === 0) return;
  throw new TidepoolError('wrong_status', {
    detail: `There are workspaces in Incus, and removing them would destroy what is in them: ${names.join(', ')}.`,
    fix: 'Delete them first, on the page or with DELETE /api/workspaces/NAME. Then run this again.',
  });
}

/** What is ours on it has gone before: whatever is on it still is somebody else's, whoever made the pool. */
function poolRemoval({ config, incus, signal, say }: Setup, { objects }: Survey): Removal[] {
  const { pool } = config.incus;
  const path = `/1.0/storage-pools/${pool}`;
  if (!objects?.pools.some((known) => known.name === pool && isOurs(known.config))) return [];
  return [
    {
      will: `remove the storage pool ${pool}`,
      async carryOut() {
        const found = await incus.find(path, poolUse, signal);
        const users = found?.value.used_by ?? [];
        if (users.length > 0) say(`The storage pool ${pool} stays: ${users.join(', ')} is on it.`);
        else if (found !== null) await incus.change({ method: 'DELETE', path }, signal);
      },
    },
  ];
}
