/** The storage pool that holds the workspaces' disks: one of that name, or a new one in a file of its own. */
import { TidepoolError } from '@tidepool/core';
import { incusLabel } from '@tidepool/runtime';
import type { Host } from '../preflight/host.ts';
import type { Setup, Step, StepState } from './setup.ts';
import type { Survey } from './survey.ts';

/** GiB. */
const size = { least: 20, most: 200 } as const;

export const pool: Step = {
  id: 'incus.pool',
  title: 'Storage pool',
  isInside: true,
  async look(setup, survey) {
    const { config } = setup;
    const name = config.incus.pool;
    const there = survey.objects?.pools.find((known) => known.name === name);
    if (there?.status === 'Created') {
      const limit = there.config.size === undefined ? '' : `, ${there.config.size}`;
      return { kind: 'done', detail: `${name} (${there.driver}${limit})` };
    }
    if (there !== undefined && !isOurs(there.config)) {
      const detail = `The pool ${name} is ${there.status.toLowerCase()}.`;
      const fix = `Mend it (\`incus storage info ${name}\`), or name another in TIDEPOOL_INCUS_POOL.`;
      return { kind: 'blocked', detail, fix };
    }
    const wanted = await wantedSize(setup, survey);
    const detail = `There is no pool ${name}.`;
    if (wanted.kind === 'blocked') return { ...wanted, detail: `${detail} ${wanted.detail}` };
    return {
      kind: 'todo',
      detail,
      will: [`make the storage pool ${name}: btrfs in a file of at most ${wanted.gib} GiB`],
    };
  },
  async apply(setup, survey) {
    const { config, incus, signal } = setup;
    const name = config.incus.pool;
    const wanted = await wantedSize(setup, survey);
    if (wanted.kind === 'blocked') throw new TidepoolError('pool_full', wanted);
    // Half-made by an earlier attempt.
    if (survey.hasPool) await incus.change({ method: 'DELETE', path: `/1.0/storage-pools/${name}` }, signal);
    const json = {
      name,
      driver: 'btrfs',
      description: 'Disks of Tidepool',
      config: { size: `${wanted.gib}GiB`, ...incusLabel },
    };
    await incus.change({ method: 'POST', path: '/1.0/storage-pools', json }, signal);
  },
};

/** One without the label is its owner's: it is used as it is, and outlives `--undo`. */
export function isOurs(config: Readonly<Record<string, string>>): boolean {
  return Object.entries(incusLabel).every(([key, value]) => config[key] === value);
}

type Size = { readonly kind: 'size'; readonly gib: number } | Extract<StepState, { kind: 'blocked' }>;

/** A third of what is free. The file grows as it is filled, so the rest stays usable for a while. */
async function wantedSize({ host, directory, poolGiB }: Setup, { server }: Survey): Promise<Size> {
  // A daemon elsewhere knows for itself; of one here that lacks only its programs, the kernel tells.
  const hasBtrfs =
    directory === null ? (server?.storageDrivers.includes('btrfs') ?? false) : await kernelHasBtrfs(host);
  if (!hasBtrfs) return { kind: 'blocked', ...withoutBtrfs };
  if (directory === null) return { kind: 'size', gib: poolGiB ?? size.least };
  const freeGiB = Math.floor((await host.disk(directory)).freeMiB / 1024);
  const gib = poolGiB ?? Math.min(size.most, Math.max(size.least, Math.floor(freeGiB / 3)));
  if (gib <= freeGiB) return { kind: 'size', gib };
  return {
    kind: 'blocked',
    detail: `${freeGiB} GiB are free in ${directory}; the pool is to get ${gib}.`,
    fix: 'Free some space, ask for less with --pool-size, or make a pool elsewhere yourself and name it in TIDEPOOL_INCUS_POOL.',
  };
}

async function kernelHasBtrfs(host: Host): Promise<boolean> {
  if (/\tbtrfs$/m.test(host.read('/proc/filesystems') ?? '')) return true;
  return (await host.run(['modprobe', '--dry-run', 'btrfs'])).code === 0;
}

const withoutBtrfs = {
  detail: 'The machine of Incus has no btrfs, in which a disk is copied at once.',
  fix: 'Make a pool of another kind yourself (`incus storage create tidepool dir`), then run this again.',
} as const;
