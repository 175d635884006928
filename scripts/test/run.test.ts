/** A fresh clone, started by the machine's own Node: what `npm start` and `npm test` do before anything of ours runs. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listFiles } from '../check/list-files.ts';
import { root } from '../root.ts';

const systemPath = (process.env.PATH ?? '')
  .split(':')
  .filter((directory) => !directory.includes('node_modules'))
  .join(':');
const running = new Set<ChildProcess>();
let clone: string;

beforeAll(async () => {
  clone = await mkdtemp('/tmp/tp-clone-');
  const needed = (await listFiles(root)).filter((path) =>
    /^package(-lock)?\.json$|\/package\.json$|^scripts\//.test(path),
  );
  for (const path of needed) await cp(join(root, path), join(clone, path), { recursive: true });
  await leaveOut();
  await writeFile(
    join(clone, 'probe.mjs'),
    `console.log(JSON.stringify([process.version, ...process.argv.slice(2)]));
     if (process.argv[2] === 'exit') process.exit(7);
     if (process.argv[2] === 'wait') setInterval(() => {}, 1000);`,
  );
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(clone, { recursive: true, force: true });
});

/** Most dependencies: how an install is ended and gone on with is the same with a hundred as with all, and quicker. */
async function leaveOut(): Promise<void> {
  const { workspaces: _, devDependencies, ...rest } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { testcontainers } = devDependencies;
  await writeFile(join(clone, 'package.json'), JSON.stringify({ ...rest, devDependencies: { testcontainers } }));
  const args = ['install', '--package-lock-only', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  await promisify(execFile)('npm', args, { cwd: clone, env: { ...process.env, PATH: systemPath } });
}

function launch(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn('sh', [join(clone, 'scripts', 'run.sh'), ...args], {
    cwd: dirname(clone),
    env: { ...process.env, PATH: systemPath, npm_config_prefer_offline: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  return child;
}

async function ended(child: ChildProcess): Promise<{ code: unknown; stdout: string; stderr: string }> {
  if (!child.stdout || !child.stderr) throw new Error('no output');
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, stdout, stderr };
}

/** Gone, or dead and not yet collected by whoever inherited it. */
async function isOver(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat === undefined || stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}

test('without a network it ends with one line that says what to do', async () => {
  const cache = await mkdtemp('/tmp/tp-npm-');
  const offline = { npm_config_registry: 'http://127.0.0.1:9', npm_config_cache: cache };
  const { code, stderr, stdout } = await ended(launch(['probe.mjs'], offline));
  await rm(cache, { recursive: true, force: true });
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringContaining('Installing the dependencies (there are none yet)'),
    expect.stringMatching(/^The dependencies could not be installed \(E\w+: .*npm ping.*run this again\.$/),
  ]);
});

test('an older Node than 20 is told so', async () => {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '18.20.0' });
    await import(${JSON.stringify(join(clone, 'scripts/bootstrap.mjs'))});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', pretend], { stdio: ['ignore', 'pipe', 'pipe'] });
  const { code, stderr } = await ended(child);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Tidepool needs Node 20 or later.*\n$/);
});

test('killed in the middle of the install, two at once after it install once and go on under Node 24', async () => {
  const killed = launch(['probe.mjs', 'never']);
  const outcome = ended(killed);
  // In the middle: npm has begun to put packages there.
  await expect
    .poll(
      () =>
        readdir(join(clone, 'node_modules')).then(
          ({ length }) => length,
          () => 0,
        ),
      { timeout: 120_000 },
    )
    .toBeGreaterThan(20);
  killed.kill('SIGKILL');
  expect((await outcome).stdout).toBe('');

  const both = await Promise.all([ended(launch(['probe.mjs', 'a b', '--c'])), ended(launch(['probe.mjs', 'exit']))]);
  expect(both.map(({ code }) => code)).toEqual([0, 7]);
  expect(JSON.parse(both[0].stdout)).toEqual([expect.stringMatching(/^v24\./), 'a b', '--c']);
  const said = both.map(({ stderr }) => stderr).join('');
  expect(said.match(/Installing the dependencies/g)).toHaveLength(1);
  expect(said).toContain('Waiting for another install');
}, 600_000);

test('what is installed is not installed again', async () => {
  const { code, stderr, stdout } = await ended(launch(['probe.mjs']));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual([expect.stringMatching(/^v24\./)]);
});

test('a pinned Node that was taken away is put back', async () => {
  await rm(join(clone, 'node_modules', `node-${process.platform}-${process.arch}`), { recursive: true });
  const { code, stderr, stdout } = await ended(launch(['probe.mjs']));
  expect(stderr).toContain('Installing the dependencies (the pinned Node is gone)');
  expect({ code, version: JSON.parse(stdout)[0] }).toEqual({ code: 0, version: expect.stringMatching(/^v24\./) });
}, 600_000);

test.each(['SIGTERM', 'SIGINT'] as const)('%s reaches what runs, which ends as it would by itself', async (signal) => {
  const child = launch(['probe.mjs', 'wait']);
  await once(child.stdout ?? child, 'data');
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([null, signal]);
});

test('who kills its parent with -9 has killed it too', async () => {
  const parent = spawn(process.execPath, [
    '-e',
    `const child = require('node:child_process').spawn('sh', ['scripts/run.sh', 'probe.mjs', 'wait'], { cwd: ${JSON.stringify(clone)} });
     child.stdout.once('data', () => console.log(child.pid));`,
  ]);
  running.add(parent);
  const [line] = await once(parent.stdout, 'data');
  const pid = Number(String(line));
  expect(await isOver(pid)).toBe(false);
  parent.kill('SIGKILL');
  await expect.poll(() => isOver(pid), { timeout: 10_000 }).toBe(true);
});
