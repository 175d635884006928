/** Whether the generated files in the clone are what its code makes today. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Generated, generated } from '../generated.ts';

export async function checkGenerated(
  root: string,
  files: readonly Generated[] = generated,
): Promise<string | undefined> {
  const stale: string[] = [];
  for (const { path, make } of files) {
    const target = join(root, path);
    if (!existsSync(target)) stale.push(`${path} is missing`);
    else if ((await readFile(target, 'utf8')) !== make()) stale.push(`${path} is out of date`);
  }
  return stale.length === 0 ? undefined : [...stale, 'Run `npm run generate`.'].join('\n');
}
