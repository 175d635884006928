/** The page, built once into a folder of its own for all files of tests that look at it in a run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder. */
    readonly page: string;
  }
}

/** Before the first of them. @returns what is done after the last */
export default async function buildPage({ provide }: TestProject): Promise<() => Promise<void>> {
  const page = await mkdtemp(join(tmpdir(), 'tp-spa-'));
  const { NODE_ENV } = process.env;
  await build({
    root: join(import.meta.dirname, '..'),
    // As it is shipped, but for the copies in Brotli.
    mode: 'test',
    logLevel: 'error',
    build: { outDir: page, emptyOutDir: true },
  });
  // Of the page's build, and not of the tests beside it.
  process.env.NODE_ENV = NODE_ENV;
  provide('page', page);
  return () => rm(page, { recursive: true });
}
