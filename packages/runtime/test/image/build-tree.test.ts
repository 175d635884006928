import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endBuildLeftovers } from '../../src/image/build-leftovers.ts';
import { type BuildProgress, buildTree, findTree, imageTree, treeVersion } from '../../src/image/index.ts';
import { readRecipe } from '../../src/image/recipe.ts';
import { type FakeSource, makeFakeSource } from './fake-source.ts';

let fake: FakeSource;
const children: ChildProcess[] = [];

beforeEach(() => {
  fake = makeFakeSource();
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  if (existsSync(join(fake.images, '.building'))) {
    await endBuildLeftovers(
      join(fake.images, '.building', await treeVersion(fake.source)),
      AbortSignal.timeout(20_000),
    );
  }
  fake.remove();
});

const wholeBuild = ['ci', 'install', 'install', 'rebuild', 'rebuild code-server argon2', 'try'];

function build(changes: { signal?: AbortSignal; onProgress?: (progress: BuildProgress) => void } = {}) {
  const { source, images: imagesDirectory, env } = fake;
  return buildTree({
    source,
    imagesDirectory,
    env,
    signal: AbortSignal.timeout(100_000),
    log: pino({ level: 'silent' }),
    ...changes,
  });
}

/** A process of its own that builds. */
function startBuild(prefix: readonly string[] = []): ChildProcess {
  const script = fileURLToPath(new URL('build-process.ts', import.meta.url));
  const [program = '', ...args] = [...prefix, process.execPath, script, fake.source, fake.images];
  const child = spawn(program, args, { env: { ...fake.env }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

async function until<T>(look: () => T | null | undefined | false): Promise<T> {
  for (const end = performance.now() + 60_000; ; await sleep(20)) {
    const found = look();
    if (found) return found;
    if (performance.now() > end) throw new Error('it did not come to that within a minute');
  }
}

function isAlive(pid: number): boolean {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return stat !== '' && !/\) Z /.test(stat);
}

function visible(): string[] {
  return existsSync(fake.images) ? readdirSync(fake.images).filter((name) => !name.startsWith('.')) : [];
}

test('a build makes one tree that the sandbox user can read, and leaves nothing else', async () => {
  const child = startBuild();
  const version = await treeVersion(fake.source);
  expect(JSON.parse(await text(child.stdout ?? process.stdin))).toMatchObject({
    name: 'workspace',
    version,
    codeServer: '4.0.0',
    node: '24.0.0',
    npm: '11.0.0',
  });
  expect(visible()).toEqual([`workspace-${version}`]);
  expect(readdirSync(join(fake.images, '.building'))).toEqual(['lock']);
  const tree = await imageTree(fake.images, `workspace@${version}`);
  for (const path of ['.', 'bin/node', 'lib/code-server/out/node', 'share', 'bin/npm']) {
    expect(statSync(join(tree, path)).mode & 0o005, path).toBe(path === 'bin/npm' ? 0o004 : 0o005);
  }
  expect(statSync(join(tree, 'manifest.json')).mode & 0o004).toBe(0o004);
  expect(statSync(join(tree, 'share/bashrc')).mode & 0o777).toBe(0o644);
  // What V8 compiled belongs to the user inside, and is as open as the rest.
  const [compiled = ''] = readdirSync(join(tree, 'lib/compile-cache'));
  expect(compiled).toMatch(/^v\d+.*-1000$/);
  expect(statSync(join(tree, 'lib/compile-cache', compiled)).mode & 0o777).toBe(0o755);
  expect(existsSync(join(tree, 'lib/code-server/lib/vscode/program.exe'))).toBe(false);
  expect(existsSync(join(tree, `lib/node_modules/node-linux-${process.arch}/bin/node`))).toBe(false);
});

test('a new home begins with what the editor found of its own extensions, as at the place where it stands inside', async () => {
  await build();
  const tree = await imageTree(fake.images, `workspace@${await treeVersion(fake.source)}`);
  const cache = join(
    tree,
    'share/skel/.local/share/code-server/CachedProfilesData/__default__profile__/extensions.builtin.cache',
  );
  const extensions = 'lib/node_modules/code-server/lib/vscode/extensions';
  expect(JSON.parse(readFileSync(cache, 'utf8'))).toEqual({
    // Of whole seconds, as an archive keeps it.
    input: { location: { path: `/opt/tidepool/${extensions}` }, mtime: statSync(join(tree, extensions)).mtimeMs },
  });
  expect(statSync(join(tree, extensions)).mtimeMs % 1000).toBe(0);
  expect(statSync(cache).mode & 0o777).toBe(0o644);
});

test('what is built is not built again', async () => {
  const first = await build();
  const progress: BuildProgress[] = [];
  const second = await build({ onProgress: (now) => progress.push(now) });
  expect(second).toEqual(first);
  expect(fake.journal()).toEqual(wholeBuild);
  expect(progress).toEqual([]);
});

test('progress goes from stage to stage, names what is compiled, and ends at a hundred', async () => {
  const progress: BuildProgress[] = [];
  await build({ onProgress: (now) => progress.push(now) });
  expect([...new Set(progress.map(({ stage }) => stage))]).toEqual([
    'download',
    'editor',
    'compile',
    'finish',
    'assemble',
    'try',
  ]);
  expect(progress.map(({ detail }) => detail)).toContain('@scope/native');
  const percents = progress.map(({ percent }) => percent);
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  expect(percents[0]).toBe(0);
});

test.each([
  ['ci', wholeBuild],
  ['install', wholeBuild.slice(1)],
  ['rebuild', wholeBuild.slice(3)],
  ['rebuild code-server argon2', wholeBuild.slice(4)],
  ['try', wholeBuild.slice(5)],
])('a build killed at "%s" shows nothing, and the next one goes on there', async (call, again) => {
  fake.hang(call);
  const child = startBuild();
  const orphan = await until(() => fake.hanging(call));
  const done = fake.journal().length;
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(isAlive(orphan)).toBe(true);
  expect(visible()).toEqual([]);
  expect(await findTree(fake.images, fake.source)).toBeNull();

  const image = await build();
  expect(isAlive(orphan)).toBe(false);
  expect(fake.journal().slice(done)).toEqual(again);
  expect(await findTree(fake.images, fake.source)).toEqual(image);
});

test('of two builds at once the second waits and takes the image of the first', async () => {
  fake.hang('rebuild');
  const first = startBuild();
  await until(() => fake.hanging('rebuild'));
  const progress: string[] = [];
  const second = build({ onProgress: ({ stage }) => progress.push(stage) });
  await until(() => progress.includes('wait'));
  first.kill('SIGKILL');
  const image = await second;
  expect(image.codeServer).toBe('4.0.0');

  const both = await Promise.all([startBuild(), startBuild()].map((child) => text(child.stdout ?? process.stdin)));
  expect(both.map((output) => JSON.parse(output).builtAt)).toEqual([image.builtAt, image.builtAt]);
});

test('two that begin together build once', async () => {
  const both = await Promise.all([startBuild(), startBuild()].map((child) => text(child.stdout ?? process.stdin)));
  expect(both[0]).not.toBe('');
  expect(both[1]).toBe(both[0]);
  expect(fake.journal()).toEqual(wholeBuild);
});

test('an aborted build ends its programs and keeps what was finished', async () => {
  fake.hang('rebuild');
  const abort = new AbortController();
  const building = build({ signal: abort.signal });
  const pid = await until(() => fake.hanging('rebuild'));
  abort.abort(new Error('Ctrl-C'));
  await expect(building).rejects.toThrow('Ctrl-C');
  await until(() => !isAlive(pid));
  expect(visible()).toEqual([]);
  const done = fake.journal().length;
  await build();
  expect(fake.journal().slice(done)).toEqual(wholeBuild.slice(3));
});

test.each([
  ['ci', 'npm error code ENOTFOUND', 'image_failed', 'the npm registry cannot be reached'],
  ['rebuild', 'gyp ERR! not found: make', 'image_failed', 'no C++ compiler, make or Python is at hand'],
  ['rebuild', 'npm error ENOSPC: no space left on device, write', 'disk_full', 'The disk is full'],
  ['try', 'a terminal wrote ""', 'image_failed', 'a terminal wrote ""'],
])('a failure of "%s" with «%s» says so in one line', async (call, words, code, detail) => {
  fake.fail(call, words);
  await expect(build()).rejects.toMatchObject({ code, message: expect.stringContaining(detail) });
  await expect(build()).rejects.not.toMatchObject({ message: expect.stringContaining('\n') });
  expect(visible()).toEqual(['failed-build.log']);
  expect(readFileSync(join(fake.images, 'failed-build.log'), 'utf8')).toContain(words);
});

test('without npm it says so', async () => {
  fake = { ...fake, env: { PATH: '/nowhere' } };
  await expect(build()).rejects.toMatchObject({ code: 'image_failed', fix: expect.stringContaining('npm') });
});

test('a disk that is too small is refused before anything is downloaded', async () => {
  mkdirSync(fake.images);
  const mount = 'mount -t tmpfs -o size=50m,mode=755 tmpfs "$0" && exec "$@"';
  const child = startBuild(['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', mount, fake.images]);
  const output = await text(child.stderr ?? process.stdin);
  expect(output).toContain('disk_full');
  expect(output).toMatch(/has \d+ MiB free; building the image needs 2048/);
  expect(fake.journal()).toEqual([]);
});

test('what an older version left half-made is cleared', async () => {
  mkdirSync(join(fake.images, '.building/000000000000/install'), { recursive: true });
  await build();
  expect(readdirSync(join(fake.images, '.building'))).toEqual(['lock']);
});

test('the version follows every input, and nothing else', async () => {
  const version = await treeVersion(fake.source);
  writeFileSync(join(fake.source, 'workspace/README.md'), 'Another text.');
  const recipe = readRecipe(fake.source);
  writeFileSync(join(fake.source, 'recipe.json'), JSON.stringify({ ...recipe, user: { ...recipe.user, uid: 1001 } }));
  expect(await treeVersion(fake.source)).toBe(version);
  const versions = [version];
  writeFileSync(join(fake.source, 'recipe.json'), JSON.stringify({ ...recipe, editor: { prune: [] } }));
  versions.push(await treeVersion(fake.source));
  for (const file of ['package.json', 'package-lock.json', 'try.cjs', 'share/bashrc', 'share/new']) {
    writeFileSync(join(fake.source, 'workspace', file), `${file} changed`);
    versions.push(await treeVersion(fake.source));
  }
  expect(new Set(versions).size).toBe(versions.length);
});

test('a workspace keeps the image it was made from, and a strange name is no path', async () => {
  const { version, directory } = await build();
  writeFileSync(join(fake.source, 'workspace/share/bashrc'), 'newer');
  expect(await findTree(fake.images, fake.source)).toBeNull();
  expect(await imageTree(fake.images, `workspace@${version}`)).toBe(directory);
  for (const image of ['workspace@000000000000', 'workspace@../../etc', 'other@1', '']) {
    await expect(imageTree(fake.images, image)).rejects.toMatchObject({ code: 'image_missing' });
  }
});
