/**
 * Builds the tree that stands at `/opt/tidepool` once: renamed to its place when all is done and tried, so that nothing
 * half-made is ever visible.
 */
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type BuildOptions, type BuildPart, buildParts, withBuildLock } from '../build-parts.ts';
import { imageName, imageSource } from '../recipe.ts';
import { type ImageManifest, readTree, type Tree, treeDirectory } from './image-tree.ts';
import { measureTree } from './prune-tree.ts';
import { installedFacts, installedFactsFile, treeOf, treeStages } from './tree-stages.ts';
import { treeVersion } from './tree-version.ts';

/** MiB: what is installed, beside what is left of it, with room to compile. */
const neededMiB = 2048;

/** Returns at once where the tree is built. @throws TidepoolError `image_failed`, `disk_full` */
export async function buildTree(options: BuildOptions): Promise<Tree> {
  const { imagesDirectory, source = imageSource, log } = options;
  const version = await treeVersion(source);
  const built = await readTree(imagesDirectory, version);
  if (built) return built;
  return withBuildLock(options, async (building) => {
    const meanwhile = await readTree(imagesDirectory, version);
    if (meanwhile) return meanwhile;
    await buildParts(building, [treePart(building, imagesDirectory, source, version)], options);
    const tree = await readTree(imagesDirectory, version);
    if (!tree) throw new Error(`the image ${version} vanished`);
    log.info({ version, size: tree.size, seconds: tree.buildSeconds }, 'image built');
    return tree;
  });
}

export function treePart(building: string, images: string, source: string, version: string): BuildPart {
  const staging = join(building, version);
  return {
    staging,
    stages: treeStages(source),
    neededMiB,
    resumes: true,
    publish: (buildSeconds) => publish(staging, images, version, buildSeconds),
  };
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
  await rename(tree, treeDirectory(images, version));
  await rm(staging, { recursive: true, force: true });
}
