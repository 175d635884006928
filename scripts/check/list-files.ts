/** The files of the clone, from its root, without what is installed, built or ignored. */
import { glob } from 'node:fs/promises';

const pattern = '{*,{packages,scripts,e2e,bench,docs,caddy,images}/**/*}';
const left = new Set(['node_modules', 'dist', 'coverage', '.cache']);

export async function listFiles(root: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of glob(pattern, { cwd: root, withFileTypes: true, exclude: ({ name }) => left.has(name) })) {
    if (entry.isFile()) found.push(`${entry.parentPath}/${entry.name}`.slice(root.length).replace(/^\//, ''));
  }
  return found.sort();
}
