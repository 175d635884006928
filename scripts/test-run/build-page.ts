/** Builds the SPA that the server serves to the browser of the end-to-end tests. */
import { join } from 'node:path';
import { runChild } from './run-child.ts';

export function buildPage(root: string): Promise<void> {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const cwd = join(root, 'packages', 'spa');
  return runChild(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd });
}
