/** Whether package-lock.json fits the package.json files: `npm ci` refuses a clone where it does not. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { listFiles } from './list-files.ts';

export async function checkLockFile(root: string): Promise<string | undefined> {
  const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(join(root, path), 'utf8'));
  const { packages } = lockFile.parse(await read('package-lock.json'));
  const paths = (await listFiles(root)).filter((path) => /^(packages\/[^/]+\/)?package\.json$/.test(path));
  const differences: string[] = [];
  for (const path of paths) {
    const wanted = dependencies.parse(await read(path));
    const locked = packages[path.replace(/\/?package\.json$/, '')];
    if (!locked || sorted(locked) !== sorted(wanted)) differences.push(`package-lock.json does not fit ${path}`);
  }
  return differences.length === 0 ? undefined : [...differences, 'Run `npm install`.'].join('\n');
}

function sorted(lists: z.infer<typeof dependencies>): string {
  return JSON.stringify(Object.values(lists).map((list) => Object.entries(list).sort()));
}

const versions = z.record(z.string(), z.string()).default({});
const dependencies = z.object({
  dependencies: versions,
  devDependencies: versions,
  optionalDependencies: versions,
});
const lockFile = z.object({ packages: z.record(z.string(), dependencies) });
