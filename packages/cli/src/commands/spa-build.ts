/** The page's files, built once for each state of their sources: Vite's is the only build step there is. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TidepoolError } from '@tidepool/core';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const spa = join(repository, 'packages/spa');

/**
 * @param show takes what the build says: sizes, and what is wrong
 * @returns whether it had to be built. @throws TidepoolError `internal` with the end of Vite's output
 */
export async function ensureSpa(signal: AbortSignal, show: (text: string) => void = () => undefined): Promise<boolean> {
  const stamp = join(spa, 'dist/.source-hash');
  const hash = sourceHash();
  if (readIfThere(stamp) === hash) return false;
  // Built aside and moved in whole: a server that runs meanwhile never serves half a page.
  const staging = join(spa, `dist.${process.pid}`);
  await vite(['build', '--outDir', staging, '--emptyOutDir'], signal, show);
  writeFileSync(join(staging, '.source-hash'), hash);
  rmSync(join(spa, 'dist'), { recursive: true, force: true });
  renameSync(staging, join(spa, 'dist'));
  return true;
}

function sourceHash(): string {
  const hash = createHash('sha256');
  const files = [
    ...filesUnder(join(spa, 'src')),
    ...filesUnder(join(spa, 'public')),
    ...filesUnder(join(repository, 'packages/core/src')),
    ...filesIn(spa),
    join(repository, 'package-lock.json'),
  ].filter((file) => !/\.test\.tsx?$/.test(file));
  for (const file of files.sort())
    hash
      .update(relative(repository, file))
      .update('\0')
      .update(readIfThere(file) ?? '');
  return hash.digest('hex');
}

/** `index.html`, `package.json` and what configures the build. */
function filesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(directory, entry.name));
}

function filesUnder(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function vite(args: readonly string[], signal: AbortSignal, show: (text: string) => void): Promise<void> {
  const program = join(repository, 'node_modules/vite/bin/vite.js');
  let output = '';
  const child = spawn(process.execPath, [program, ...args], { cwd: spa, stdio: ['ignore', 'pipe', 'pipe'], signal });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(-2000);
      show(chunk);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('close', resolve).once('error', reject),
  );
  if (code !== 0)
    throw new TidepoolError('internal', {
      detail: `The page could not be built.\n${output.trim()}`,
      fix: 'Run `npm ci`, then `npm start` again.',
    });
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
