/** Taking a built tree away: gone at once and whole, deleted behind that. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../file-errors.ts';
import { treeDirectory } from './image-tree.ts';

/** One that is not there is removed. What a crash leaves is cleared by the next build. */
export async function removeTreeImage(imagesDirectory: string, version: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const building = join(imagesDirectory, '.building');
  await mkdir(building, { recursive: true, mode: 0o700 });
  const aside = join(building, `removed-${version}`);
  await rm(aside, { recursive: true, force: true });
  try {
    await rename(treeDirectory(imagesDirectory, version), aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}
