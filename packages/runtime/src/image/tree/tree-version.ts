/** The content hash of what the tree at `/opt/tidepool` is made from: `images/workspace` and the editor's part of the recipe. */
import { join } from 'node:path';
import { hashInputs } from '../hash-inputs.ts';
import { imageSource, readRecipe } from '../recipe.ts';

/** Raised when the builder itself makes another tree of the same inputs. */
const builderVersion = 3;

/** 12 hex digits. */
export async function treeVersion(source: string = imageSource): Promise<string> {
  const facts = [`tree ${builderVersion}`, process.arch, JSON.stringify(readRecipe(source).editor)];
  return hashInputs(facts, [treeSource(source)]);
}

/** The files of the tree's part. */
export function treeSource(source: string): string {
  return join(source, 'workspace');
}
