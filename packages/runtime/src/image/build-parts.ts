/**
 * What all builds have in common: one at a time, in `IMAGES/.building/`, stage by stage. Whatever is killed when, the next
 * build ends what was left running, goes on after the last stage that was finished, and clears away what nobody continues.
 */
import { access, chmod, mkdir, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { TidepoolError } from '@tidepool/core';
import type { Logger } from 'pino';
import { type CommandContext, CommandFailed } from './build-command.ts';
import { explainFailure } from './build-failure.ts';
import { endBuildLeftovers } from './build-leftovers.ts';
import { type BuildProgress, createProgressMeter, type ProgressMeter } from './build-progress.ts';
import { type FileLock, lockFile } from './file-lock.ts';

export interface BuildOptions {
  readonly imagesDirectory: string;
  /** The inputs; `images/` of the repository unless told. */
  readonly source?: string;
  /** Called at each change, and once a second meanwhile. */
  readonly onProgress?: (progress: BuildProgress) => void;
  /** Of the calling process: where programs are found, and how the network is reached. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

export interface StageContext extends CommandContext {
  /** Says what is going on within a stage. */
  readonly detail: (text: string) => void;
}

export interface Stage {
  readonly name: string;
  readonly title: string;
  /** What it took on two cores with empty caches: the share of a build that it stands for. */
  readonly seconds: number;
  /** By the detail that is told when it is reached: which share of the stage is done then. */
  readonly milestones?: Readonly<Record<string, number>>;
  /** Done again after a kill it ends in the same state. */
  run(context: StageContext): Promise<void>;
}

/** Stages that end in one thing that becomes visible whole. */
export interface BuildPart {
  /** A directory of its own in `.building`. */
  readonly staging: string;
  readonly stages: readonly Stage[];
  /** MiB of free disk that its first stage asks for. */
  readonly neededMiB: number;
  /** Whether stages that an earlier build finished are left out: not where what they made may be gone meanwhile. */
  readonly resumes: boolean;
  /** `buildSeconds`: how long the stages took. */
  publish(buildSeconds: number): Promise<void>;
}

/** Runs `work` with the directory in which builds work, alone among all processes that build into `imagesDirectory`. */
export async function withBuildLock<Result>(
  { imagesDirectory, onProgress, signal }: BuildOptions,
  work: (building: string) => Promise<Result>,
): Promise<Result> {
  const building = join(imagesDirectory, '.building');
  await mkdir(building, { recursive: true });
  // The sandbox user passes through to the images; what is being built is nobody else's.
  await chmod(imagesDirectory, 0o755);
  await chmod(building, 0o700);
  const lock = await waitForLock(join(building, 'lock'), onProgress, signal);
  try {
    return await work(building);
  } finally {
    await lock.release();
  }
}

/** @throws TidepoolError `image_failed`, `disk_full` */
export async function buildParts(building: string, parts: readonly BuildPart[], options: BuildOptions): Promise<void> {
  const { onProgress, env, signal, log, imagesDirectory } = options;
  await clearOthers(building, parts, signal);
  const meter = createProgressMeter(parts.flatMap(({ stages }) => stages));
  const tell = () => onProgress?.(meter.read(performance.now()));
  const ticking = setInterval(tell, 1000);
  const detail = (text: string) => {
    meter.detail(text, performance.now());
    tell();
  };
  const failureLog = join(imagesDirectory, 'failed-build.log');
  try {
    for (const part of parts) {
      const begun = performance.now();
      const { staging } = part;
      await mkdir(staging, { recursive: true });
      await endBuildLeftovers(staging, signal);
      const context = { staging, env, signal, log, detail };
      for (const stage of part.stages) await runStage(stage, part, { context, meter, tell, failureLog });
      await part.publish(Math.round((performance.now() - begun) / 1000));
    }
    await rm(failureLog, { force: true });
  } finally {
    clearInterval(ticking);
  }
}

/** What killed builds of other versions left, their processes first. */
async function clearOthers(building: string, parts: readonly BuildPart[], signal: AbortSignal): Promise<void> {
  const own = new Set(['lock', ...parts.map(({ staging }) => basename(staging))]);
  for (const name of await readdir(building)) {
    if (own.has(name)) continue;
    await endBuildLeftovers(join(building, name), signal);
    await rm(join(building, name), { recursive: true, force: true });
  }
}

interface Run {
  readonly context: StageContext;
  readonly meter: ProgressMeter;
  readonly tell: () => void;
  readonly failureLog: string;
}

async function runStage(stage: Stage, part: BuildPart, { context, meter, tell, failureLog }: Run): Promise<void> {
  const { staging, signal, log } = context;
  signal.throwIfAborted();
  const marker = join(staging, `${stage.name}.done`);
  const ran = !part.resumes || !(await exists(marker));
  const since = performance.now();
  meter.begin(stage, since);
  tell();
  if (ran) {
    try {
      if (stage === part.stages[0]) await requireDisk(staging, part.neededMiB);
      await stage.run(context);
      await writeFile(marker, '');
    } catch (error) {
      signal.throwIfAborted();
      log.error({ err: error, stage: stage.name }, 'stage of the image build failed');
      const output = error instanceof CommandFailed ? error.output : '';
      if (output !== '') await writeFile(failureLog, `${stage.title}\n\n${output}\n`, { mode: 0o600 });
      throw explainFailure(error, stage.title, failureLog);
    }
  }
  const now = performance.now();
  meter.end(stage, now, ran);
  log.info({ stage: stage.name, ran, durationMs: Math.round(now - since) }, 'stage of the image build done');
}

async function requireDisk(staging: string, neededMiB: number): Promise<void> {
  const { bavail, bsize } = await statfs(staging);
  const freeMiB = Math.floor((bavail * bsize) / 1024 / 1024);
  if (freeMiB >= neededMiB) return;
  const detail = `The disk of ${staging} has ${freeMiB} MiB free; building the image needs ${neededMiB}.`;
  const fix = 'Free some space there, or set TIDEPOOL_IMAGES to a directory on a larger disk.';
  throw new TidepoolError('disk_full', { detail, fix });
}

async function waitForLock(
  path: string,
  onProgress: BuildOptions['onProgress'],
  signal: AbortSignal,
): Promise<FileLock> {
  const free = await lockFile(path, { wait: false, signal });
  if (free) return free;
  const title = 'Waiting for another Tidepool that builds the image';
  onProgress?.({ stage: 'wait', title, detail: null, percent: 0, remainingMs: null });
  const lock = await lockFile(path, { wait: true, signal });
  if (!lock) throw new Error(`${path} cannot be locked`);
  return lock;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
