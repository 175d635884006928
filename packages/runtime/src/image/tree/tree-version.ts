/** What a workspace image is made from (`images/workspace` in the repository), and the content hash of it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Raised when the builder itself makes another tree of the same inputs. */
const builderVersion = 2;

export const imageName = 'workspace';

export const imageSource = fileURLToPath(new URL('../../../../../images/workspace/', import.meta.url));

const pruneRule = z.strictObject({
  why: z.string(),
  /** Globs relative to the tree; `{arch}` is Node's name of the processor. */
  remove: z.array(z.string()),
  /** What of it stays. */
  keep: z.array(z.string()),
});
export type PruneRule = z.infer<typeof pruneRule>;

const recipe = z.strictObject({ prune: z.array(pruneRule) });
export type Recipe = z.infer<typeof recipe>;

export function readRecipe(source: string): Recipe {
  return recipe.parse(JSON.parse(readFileSync(join(source, 'recipe.json'), 'utf8')));
}

/** 12 hex digits. The README beside the inputs is not one of them. */
export async function imageVersion(source: string = imageSource): Promise<string> {
  const hash = createHash('sha256').update(`${builderVersion}\0${process.arch}\0`);
  const entries = await readdir(join(source), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const name = relative(source, file);
    if (name === 'README.md' || name.startsWith('node_modules/')) continue;
    hash.update(`${name}\0`).update(
      createHash('sha256')
        .update(await readFile(file))
        .digest(),
    );
  }
  return hash.digest('hex').slice(0, 12);
}
