/** Built trees: `IMAGES/workspace-<version>/`, complete as soon as they are visible. To the sandbox they are its images. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageRecord, TidepoolError } from '@tidepool/core';
import { z } from 'zod';
import { imageName } from '../recipe.ts';
import { treeVersion } from './tree-version.ts';

const imageManifest = z.strictObject({
  name: z.literal(imageName),
  /** The content hash of what it was made from. */
  version: z.string(),
  builtAt: z.iso.datetime(),
  arch: z.string(),
  node: z.string(),
  codeServer: z.string(),
  npm: z.string(),
  /** MiB and number of files, before and after pruning. */
  size: z.strictObject({ installedMiB: z.number(), installedFiles: z.int(), mib: z.number(), files: z.int() }),
  /** How long the build took, waiting for others left out. */
  buildSeconds: z.number(),
});
export type ImageManifest = z.infer<typeof imageManifest>;

export interface Tree extends ImageManifest {
  readonly directory: string;
}

/** The one of today's inputs; null where it is not built. */
export async function findTree(imagesDirectory: string, source?: string): Promise<Tree | null> {
  return readTree(imagesDirectory, await treeVersion(source));
}

/** All that are built; the one of today's inputs is the current one. */
export async function listTrees(imagesDirectory: string, source?: string): Promise<ImageRecord[]> {
  const wanted = await treeVersion(source);
  const names = await readdir(imagesDirectory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const versions = names.flatMap((name) => /^workspace-([0-9a-f]{12})$/.exec(name)?.[1] ?? []);
  const images = await Promise.all(versions.map((version) => readTree(imagesDirectory, version)));
  return images.flatMap((image) => {
    if (image === null) return [];
    const { name, version, builtAt, size } = image;
    return [{ name, version, builtAt, sizeMiB: Math.round(size.mib), current: version === wanted }];
  });
}

/** Null where there is none. What is half-made is never there. */
export async function readTree(imagesDirectory: string, version: string): Promise<Tree | null> {
  const directory = treeDirectory(imagesDirectory, version);
  try {
    return { ...imageManifest.parse(JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8'))), directory };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

export function treeDirectory(imagesDirectory: string, version: string): string {
  return join(imagesDirectory, `${imageName}-${version}`);
}

/** The tree of the image that a workspace was made from, as `workspace@<version>`. @throws `image_missing` */
export async function imageTree(imagesDirectory: string, image: string): Promise<string> {
  const [, version] = /^workspace@([0-9a-f]{12})$/.exec(image) ?? [];
  const found = version === undefined ? null : await readTree(imagesDirectory, version);
  if (found) return found.directory;
  throw new TidepoolError('image_missing', { detail: `There is no image ${image} in ${imagesDirectory}.` });
}
