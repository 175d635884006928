/** Reads what is in the clone for `boundaryViolations`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { boundaryViolations } from '../package-boundaries.ts';
import { listFiles } from './list-files.ts';

export async function checkBoundaries(root: string): Promise<string | undefined> {
  const paths = await listFiles(root);
  const sources = paths.filter((path) => /^packages\/.*\.(ts|tsx|mts|js|mjs)$/.test(path));
  const manifests = paths.filter((path) => /^packages\/[^/]+\/package\.json$/.test(path));
  const violations = boundaryViolations({
    files: await Promise.all(sources.map(async (path) => ({ path, code: await readFile(join(root, path), 'utf8') }))),
    manifests: await Promise.all(
      manifests.map(async (path) => ({ path, dependencies: Object.keys((await manifest(root, path)).dependencies) })),
    ),
    devDependencies: Object.keys((await manifest(root, 'package.json')).devDependencies),
  });
  return violations.length === 0 ? undefined : violations.join('\n');
}

async function manifest(root: string, path: string): Promise<z.infer<typeof packageJson>> {
  return packageJson.parse(JSON.parse(await readFile(join(root, path), 'utf8')));
}

const packageJson = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});
