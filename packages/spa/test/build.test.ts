/** What the page's build adds to Vite's: what is fetched at once, the check of the first load, and copies in Brotli. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gzipSync } from 'node:zlib';
import { build, createLogger, type Plugin } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { brotliCopies } from '../brotli-copies.ts';
import { firstLoadBudget } from '../first-load-budget.ts';
import { preloadStart } from '../preload-start.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tp-build-'));
  await mkdir(join(root, 'src'));
  const lines = (name: string, count: number) =>
    `export const ${name} = [${Array.from({ length: count }, (_, index) => `'${name} ${index ** 3}'`)}];`;
  const files = {
    'index.html': '<!doctype html><script type="module" src="/src/main.js"></script>',
    'src/main.js': `import './main.css'; import { at } from './at-once.js'; console.log(at);
      document.onclick = async () => console.log((await import('./later.js')).later);`,
    'src/main.css': 'body { color: teal }',
    'src/at-once.js': lines('at', 300),
    'src/later.js': lines('later', 3000),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** @returns what the build said, and the files it made, by name */
async function built(...plugins: Plugin[]) {
  const said: string[] = [];
  const customLogger = {
    ...createLogger('info'),
    info: (text: string) => void said.push(text),
    error: () => undefined,
  };
  const made = await build({ root, configFile: false, customLogger, plugins, build: { write: true } });
  if (!('output' in made)) throw new Error('expected one output');
  const files = new Map(
    made.output.map((part) => [part.fileName, Buffer.from(part.type === 'chunk' ? part.code : part.source)]),
  );
  return { said: said.join('\n'), files };
}

test('a first load beyond the limit fails the build, and every part is named with its size', async () => {
  const failure = await built(firstLoadBudget(1_000)).then(
    () => '',
    (error: Error) => error.message,
  );
  expect(failure).toMatch(/The first load is \d\.\d kB of JavaScript, compressed; at most 1\.0 are allowed/);
  expect(failure).toMatch(/first {5}\d\.\d {2}assets\/index-\S+\.js\n/);
  expect(failure).toMatch(/later {4}\d+\.\d {2}assets\/later-\S+\.js\n/);
});

test('what is imported dynamically does not count, and the sizes are shown', async () => {
  const { said, files } = await built(firstLoadBudget(3_000));
  const [, index] = [...files].find(([name]) => /^assets\/index-.+\.js$/.test(name)) ?? [];
  const [, later] = [...files].find(([name]) => /^assets\/later-/.test(name)) ?? [];
  if (!index || !later) throw new Error(`expected two scripts, not ${[...files.keys()]}`);
  expect(gzipSync(later).length, 'it alone would be too much').toBeGreaterThan(3_000);
  const size = (gzipSync(index, { level: 9 }).length / 1000).toFixed(1);
  expect(said).toMatch(new RegExp(`first +${size} {2}JavaScript in all, of at most 3\\.0 kB`));
  expect(said).toMatch(/first +0\.\d {2}assets\/index-\S+\.css/);
  expect(said).toMatch(/first +0\.\d {2}index\.html/);
});

test('what the entry imports at once is named in the page beside it, and counts', async () => {
  const { said, files } = await built(preloadStart('/src/later.js'), firstLoadBudget(100_000));
  const later = [...files.keys()].find((name) => /^assets\/later-/.test(name));
  expect(String(files.get('index.html'))).toContain(`<link rel="modulepreload" crossorigin href="/${later}">`);
  expect(said).toMatch(/first +\d+\.\d {2}assets\/later-/);
  await expect(built(preloadStart('/src/gone.js'))).rejects.toThrow('no part with /src/gone.js');
});

test('each hashed file of some size has a copy in Brotli', async () => {
  const { files } = await built(brotliCopies());
  const hashed = [...files.keys()].filter((name) => /^assets\/.+\.js$/.test(name));
  expect(hashed.length).toBe(2);
  expect([...files.keys()].filter((name) => /\.css\.br$/.test(name))).toEqual([]);
  for (const name of hashed) {
    const copy = await readFile(join(root, 'dist', `${name}.br`));
    expect(brotliDecompressSync(copy).toString(), name).toBe(await readFile(join(root, 'dist', name), 'utf8'));
  }
});
