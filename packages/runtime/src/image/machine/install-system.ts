/** The system of a workspace's machine: the release's packages as the recipe names them, and nothing else. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TidepoolError } from '@tidepool/core';
import { runBuildCommand } from '../build-command.ts';
import type { StageContext } from '../build-parts.ts';
import type { Recipe } from '../recipe.ts';
import type { BaseSystem } from './machine-version.ts';

/** The base system, and how the building machine gets its packages: mirrors, keys and proxies are its own. */
export interface SystemOrigin extends BaseSystem {
  /** sources.list(5), deb822. */
  readonly sources: string;
  /** apt.conf(5), one option each: `Acquire::http::Proxy "http://…";`. */
  readonly aptOptions: readonly string[];
}

export const systemSteps = {
  'downloading packages with apt': 0.1,
  'extracting archives': 0.2,
  'installing essential packages': 0.3,
  'installing remaining packages inside the chroot': 0.35,
} as const;

/** @throws TidepoolError `image_failed` */
export function refuseOrdinaryUser(): void {
  if (process.getuid?.() === 0) return;
  throw new TidepoolError('image_failed', {
    detail: "The system of a workspace's machine is made as root, since its files are root's.",
    fix: 'Run `sudo npm run tidepool -- image build --runtime incus`, with the same TIDEPOOL_HOME.',
  });
}

/** Begins anew each time. @throws CommandFailed */
export async function installSystem(
  rootfs: string,
  { packages, prune }: Recipe['system'],
  origin: SystemOrigin,
  context: StageContext,
): Promise<void> {
  const { staging, detail } = context;
  await rm(rootfs, { recursive: true, force: true });
  await mkdir(dirname(rootfs), { recursive: true });
  // What mmdebstrap would leave in the host's /tmp when it is killed goes with the staging directory.
  const temporary = join(staging, 'tmp');
  await mkdir(temporary, { recursive: true });
  const sources = join(staging, 'building.sources');
  await writeFile(sources, origin.sources);
  const excluded = prune.flatMap(({ exclude }) => exclude.map((path) => `path-exclude=${path}`));
  const included = prune.flatMap(({ include }) => include.map((path) => `path-include=${path}`));
  const argv = [
    // What it mounts is nobody else's, and whatever it starts ends with it.
    ...['env', `TMPDIR=${temporary}`],
    ...['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'],
    ...['mmdebstrap', '--mode=root', '--format=directory', '--variant=minbase'],
    ...[...excluded, ...included, 'force-unsafe-io'].map((option) => `--dpkgopt=${option}`),
    ...['Acquire::Retries "3";', ...origin.aptOptions].map((option) => `--aptopt=${option}`),
    `--include=${packages.flatMap(({ debian }) => debian).join(',')}`,
    ...[origin.release, rootfs, sources],
  ];
  await runBuildCommand(
    {
      argv,
      cwd: staging,
      nodeDirectory: dirname(process.execPath),
      onLine(line) {
        const [, step] = /^I: (.+?)\.*$/.exec(line) ?? [];
        if (step !== undefined) detail(step);
      },
    },
    context,
  );
}
