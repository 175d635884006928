/** Content hashes: what an image is made from is its version. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';

/** 12 hex digits of the facts and of all files named or in the directories named. A page for readers is no input. */
export async function hashInputs(facts: readonly string[], paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const fact of facts) hash.update(`${fact}\0`);
  for (const path of paths) {
    for (const [name, file] of await filesOf(path)) {
      hash.update(`${name}\0`).update(
        createHash('sha256')
          .update(await readFile(file))
          .digest(),
      );
    }
  }
  return hash.digest('hex').slice(0, 12);
}

/** By their names from the path on, sorted. */
async function filesOf(path: string): Promise<[name: string, file: string][]> {
  if ((await stat(path)).isFile()) return [[basename(path), path]];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file): [string, string] => [relative(path, file), file])
    .filter(([name]) => name !== 'README.md' && !name.startsWith('node_modules/'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
