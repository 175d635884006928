/**
 * V8's compiled form of code-server, kept in the image: its first start is as quick as its later ones. Node keeps it by
 * version, processor and user, and finds a file by its path relative to the cache, so that it holds where the image is
 * mounted (`module.enableCompileCache` with `portable`).
 */
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { guestUser } from '../../sandbox/guest-etc.ts';

export function compileCacheOf(tree: string): string {
  return join(tree, 'lib/compile-cache');
}

/** For the process that fills it; it writes when it ends. */
export function compileCacheEnvironment(tree: string): Record<string, string> {
  return { NODE_COMPILE_CACHE: compileCacheOf(tree), NODE_COMPILE_CACHE_PORTABLE: '1' };
}

/** Gives it to the workspace's user: `v24.21.0-x64-964aae3f-0`, as root wrote it, becomes `…-1000`. */
export async function assignCompileCache(tree: string): Promise<void> {
  const cache = compileCacheOf(tree);
  for (const name of await readdir(cache)) {
    const assigned = name.replace(/-\d+$/, `-${guestUser.uid}`);
    if (assigned !== name) await rename(join(cache, name), join(cache, assigned));
  }
}
