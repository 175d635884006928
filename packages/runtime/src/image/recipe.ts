/** The description of what a workspace is made of: `images/recipe.json`, from which every image comes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The directory of the description and of the files that it is made from. */
export const imageSource = fileURLToPath(new URL('../../../../images/', import.meta.url));

export const imageName = 'workspace';

const pruneRule = z.strictObject({
  why: z.string(),
  /** Globs relative to the tree; `{arch}` is Node's name of the processor. */
  remove: z.array(z.string()),
  /** What of it stays. */
  keep: z.array(z.string()),
});
export type PruneRule = z.infer<typeof pruneRule>;

const packageNames = z.array(z.string().regex(/^[a-z0-9][a-z0-9+.-]*$/));

const archive = z.strictObject({
  /** In the image. */
  keyring: z.string(),
  sources: z.array(
    z.strictObject({
      uri: z.url(),
      /** `{release}` is the release's code name. */
      suites: z.array(z.string()),
      components: z.array(z.string()),
    }),
  ),
});
export type Archive = z.infer<typeof archive>;

const recipe = z.strictObject({
  /** Whose home is the persistent part. */
  user: z.strictObject({ name: z.string(), uid: z.int(), home: z.string(), shell: z.string() }),
  /** What stands at `/opt/tidepool` in every workspace. */
  editor: z.strictObject({ prune: z.array(pruneRule) }),
  /** What is around it where a workspace has a system of its own. */
  system: z.strictObject({
    /** By distribution; Ubuntu's have Debian's names. */
    packages: z.array(z.strictObject({ why: z.string(), debian: packageNames, alpine: packageNames })),
    /** What of Debian's packages is not unpacked: patterns of dpkg(1)'s `path-exclude` and `path-include`. */
    prune: z.array(z.strictObject({ why: z.string(), exclude: z.array(z.string()), include: z.array(z.string()) })),
    /** Where packages come from once a workspace runs; what builds it uses the sources of its own machine. */
    archives: z.strictObject({ debian: archive, ubuntu: archive }),
  }),
});
export type Recipe = z.infer<typeof recipe>;

/** @param source what takes the place of `images/` */
export function readRecipe(source: string): Recipe {
  return recipe.parse(JSON.parse(readFileSync(join(source, 'recipe.json'), 'utf8')));
}
