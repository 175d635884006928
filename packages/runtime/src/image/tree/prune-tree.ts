/** Makes a tree small, and readable by the sandbox user; measures it. */
import { chmod, glob, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PruneRule } from '../recipe.ts';

export interface TreeSize {
  readonly mib: number;
  readonly files: number;
}

/** Removes what the rule names. Paths outside the tree are never touched. */
export async function pruneTree(tree: string, { remove, keep }: PruneRule): Promise<void> {
  const kept = new Set(await found(tree, keep));
  for (const path of await found(tree, remove)) {
    if (!kept.has(path)) await rm(join(tree, path), { recursive: true, force: true });
  }
}

async function found(tree: string, patterns: readonly string[]): Promise<string[]> {
  const concrete = patterns.map((pattern) => pattern.replaceAll('{arch}', process.arch));
  return Array.fromAsync(glob(concrete, { cwd: tree }));
}

/** Readable by everybody and executable where its owner may, whatever the builder's umask was. */
export async function openTree(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openTree(path);
    else if (entry.isFile()) await openFile(path);
  }
}

async function openFile(path: string): Promise<void> {
  const { mode } = await lstat(path);
  const open = (mode & 0o100) === 0 ? 0o644 : 0o755;
  if ((mode & 0o777) !== open) await chmod(path, open);
}

/** Space on the disk, as `du` counts it. */
export async function measureTree(directory: string): Promise<TreeSize> {
  let bytes = 0;
  let files = 0;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    bytes += (await lstat(join(entry.parentPath, entry.name))).blocks * 512;
    if (entry.isFile()) files += 1;
  }
  return { mib: Math.round(bytes / 1024 / 1024), files };
}
