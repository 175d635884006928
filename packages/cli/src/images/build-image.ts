/** Builds the image of new workspaces: what it needs of this machine first, then the build with its progress. */
import type { BuildProgress, ImagePart } from '@tidepool/runtime';
import type { Logger } from 'pino';
import type { Terminal } from '../commands/environment.ts';
import { imageProgress } from './image-progress.ts';
import type { ImageTarget } from './image-target.ts';

export interface ImageBuild {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** @returns the version. @throws as the target does */
export async function buildImage(
  target: ImageTarget,
  missing: readonly ImagePart[],
  { env, terminal, signal, log }: ImageBuild,
): Promise<string> {
  if (missing.length > 0) {
    terminal.say('Building the workspace image. This is done once and takes a few minutes.');
  }
  const onProgress = (now: BuildProgress) => terminal.progress(imageProgress(now));
  try {
    return await target.build({ env, signal, log, onProgress });
  } finally {
    terminal.progress(null);
  }
}
