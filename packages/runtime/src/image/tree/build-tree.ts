/**
 * Builds the workspace image once: in `IMAGES/.building/<version>/`, stage by stage, and renamed to its place when all
 * is done and tried. Whatever is killed when, nothing half-made is ever visible, and the next build goes on after the
 * last stage that was finished. Two at once: the second waits for the first, and uses its image.
 */
import { access, chmod, mkdir, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TidepoolError } from '@tidepool/core';
import type { Logger } from 'pino';
import { z } from 'zod';
import { explainFailure, neededDiskMiB } from '../build-failure.ts';
import { endBuildLeftovers } from '../build-leftovers.ts';
import { type BuildProgress, createProgressMeter, type ProgressMeter } from '../build-progress.ts';
import { type FileLock, lockFile } from '../file-lock.ts';
import { type Image, type ImageManifest, imageDirectory, readImage } from './image-tree.ts';
import { measureTree } from './prune-tree.ts';
import { type BuildContext, installedFacts, installedFactsFile, type Stage, stages, treeOf } from './tree-stages.ts';
import { imageName, imageSource, imageVersion } from './tree-version.ts';

export interface BuildImageOptions {
  readonly imagesDirectory: string;
  /** The inputs; `images/workspace` of the repository unless told. */
  readonly source?: string;
  /** Called at each change, and once a second meanwhile. */
  readonly onProgress?: (progress: BuildProgress) => void;
  /** Of the calling process: where npm is found, and how the network is reached. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** Returns at once where the image is built. @throws TidepoolError `image_missing`, `disk_full` */
export async function buildImage(options: BuildImageOptions): Promise<Image> {
  const { imagesDirectory, source = imageSource } = options;
  const version = await imageVersion(source);
  const built = await readImage(imagesDirectory, version);
  if (built) return built;
  const building = join(imagesDirectory, '.building');
  await mkdir(building, { recursive: true });
  // The sandbox user passes through to the images; what is being built is nobody else's.
  await chmod(imagesDirectory, 0o755);
  await chmod(building, 0o700);
  const lock = await waitForLock(join(building, 'lock'), options);
  try {
    return (await readImage(imagesDirectory, version)) ?? (await build(building, version, { ...options, source }));
  } finally {
    await lock.release();
  }
}

async function waitForLock(path: string, { onProgress, signal }: BuildImageOptions): Promise<FileLock> {
  const free = await lockFile(path, { wait: false, signal });
  if (free) return free;
  const title = 'Waiting for another Tidepool that builds the image';
  onProgress?.({ stage: 'wait', title, detail: null, percent: 0, remainingMs: null });
  const lock = await lockFile(path, { wait: true, signal });
  if (!lock) throw new Error(`${path} cannot be locked`);
  return lock;
}

async function build(
  building: string,
  version: string,
  { imagesDirectory, source = imageSource, onProgress, env, signal, log }: BuildImageOptions,
): Promise<Image> {
  const staging = join(building, version);
  for (const name of await readdir(building)) {
    if (name !== 'lock' && name !== version) await rm(join(building, name), { recursive: true, force: true });
  }
  await mkdir(staging, { recursive: true });
  await endBuildLeftovers(staging, signal);

  const begun = performance.now();
  const meter = createProgressMeter(stages);
  const tell = () => onProgress?.(meter.read(performance.now()));
  const ticking = setInterval(tell, 1000);
  const detail = (text: string) => {
    meter.detail(text, performance.now());
    tell();
  };
  try {
    for (const stage of stages) await runStage(stage, { staging, source, env, signal, log, detail }, meter, tell);
    const buildSeconds = Math.round((performance.now() - begun) / 1000);
    await publish(staging, imagesDirectory, version, buildSeconds);
  } finally {
    clearInterval(ticking);
  }
  const image = await readImage(imagesDirectory, version);
  if (!image) throw new Error(`the image ${version} vanished`);
  log.info({ version, size: image.size, seconds: image.buildSeconds }, 'image built');
  return image;
}

async function runStage(stage: Stage, context: BuildContext, meter: ProgressMeter, tell: () => void): Promise<void> {
  const { staging, signal, log } = context;
  signal.throwIfAborted();
  const marker = join(staging, `${stage.name}.done`);
  const ran = !(await exists(marker));
  const since = performance.now();
  meter.begin(stage, since);
  tell();
  if (ran) {
    try {
      await requireDisk(stage, staging);
      await stage.run(context);
      await writeFile(marker, '');
    } catch (error) {
      signal.throwIfAborted();
      log.error({ err: error, stage: stage.name }, 'stage of the image build failed');
      throw explainFailure(error, stage.title);
    }
  }
  const now = performance.now();
  meter.end(stage, now, ran);
  log.info({ stage: stage.name, ran, durationMs: Math.round(now - since) }, 'stage of the image build done');
}

/** Before the stages that fill the disk. */
async function requireDisk(stage: Stage, staging: string): Promise<void> {
  if (stage !== stages[0]) return;
  const { bavail, bsize } = await statfs(staging);
  const freeMiB = Math.floor((bavail * bsize) / 1024 / 1024);
  if (freeMiB >= neededDiskMiB) return;
  const detail = `The disk of ${staging} has ${freeMiB} MiB free; building the image needs ${neededDiskMiB}.`;
  const fix = 'Free some space there, or set TIDEPOOL_IMAGES to a directory on a larger disk.';
  throw new TidepoolError('disk_full', { detail, fix });
}

const versionFile = z.object({ version: z.string() });

/** The manifest goes in last, and the tree appears in one rename. */
async function publish(staging: string, images: string, version: string, buildSeconds: number): Promise<void> {
  const tree = treeOf(staging);
  const installed = installedFacts.parse(JSON.parse(await readFile(installedFactsFile(staging), 'utf8')));
  const versionOf = async (name: string) =>
    versionFile.parse(JSON.parse(await readFile(join(tree, 'lib/node_modules', name, 'package.json'), 'utf8'))).version;
  const manifest: ImageManifest = {
    name: imageName,
    version,
    builtAt: new Date().toISOString(),
    arch: process.arch,
    node: installed.node,
    codeServer: await versionOf('code-server'),
    npm: await versionOf('npm'),
    size: { installedMiB: installed.mib, installedFiles: installed.files, ...(await measureTree(tree)) },
    buildSeconds,
  };
  await writeFile(join(tree, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o644, flush: true });
  await chmod(join(tree, 'manifest.json'), 0o644);
  await rename(tree, imageDirectory(images, version));
  await rm(staging, { recursive: true, force: true });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
