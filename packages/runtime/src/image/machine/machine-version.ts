/** The content hash of a workspace's machine: the tree of the editor and the system around it. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashInputs } from '../hash-inputs.ts';
import { readRecipe } from '../recipe.ts';
import { treeVersion } from '../tree/tree-version.ts';

/** Raised when the builder itself makes another image of the same inputs. */
const builderVersion = 1;

/** Which system the image is made of: the one of the machine that builds it, with whose libraries the tree was compiled. */
export interface BaseSystem {
  readonly distribution: 'debian' | 'ubuntu';
  /** The release's code name, such as `bookworm`. */
  readonly release: string;
}

/** Programs that the sandbox brings with each start stand in this image: one source for both. */
export const sharedScripts = ['guest.sh', 'editor.cjs'].map((name) =>
  fileURLToPath(new URL(`../../sandbox/${name}`, import.meta.url)),
);

/** 12 hex digits. When it was built is no part of it, nor which point release of the system it then was. */
export async function machineVersion(source: string, { distribution, release }: BaseSystem): Promise<string> {
  const { user, system } = readRecipe(source);
  const facts = [
    `machine ${builderVersion}`,
    await treeVersion(source),
    `${distribution} ${release}`,
    JSON.stringify({ user, system }),
  ];
  return hashInputs(facts, [machineSource(source), ...sharedScripts]);
}

/** The files of the machine's part. */
export function machineSource(source: string): string {
  return join(source, 'machine');
}
