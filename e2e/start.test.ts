/** `npm start` as a newcomer meets it: a fresh clone, an old Node first on the PATH, an empty home. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { openTerminal, publish, run, serveShells } from './inside.ts';
import { createRunning, startTidepool, type Tidepool, until } from './tidepool.ts';

const root = new URL('..', import.meta.url).pathname;
let clone: string | undefined;
let tidepool: Tidepool | undefined;
afterAll(async () => {
  await tidepool?.dispose();
  if (clone !== undefined) await rm(clone, { recursive: true, force: true });
});

test('a fresh clone comes to an address, is killed with -9, and comes again without building anything anew', async () => {
  clone = await mkdtemp('/tmp/tp-clone-');
  const cloned = await run('git', ['clone', '--quiet', root, clone]);
  expect(cloned.code, cloned.stderr).toBe(0);
  const path = await pathWithNode20();
  const met = await run('npm', ['exec', '--call', 'node --version'], { cwd: clone, env: { PATH: path } });
  expect(met.stdout, met.stderr).toMatch(/^v20\./);
  tidepool = await startTidepool({
    command: { file: 'npm', args: ['start'], cwd: clone },
    // What it compiles goes when the clone goes.
    env: { PATH: path, NODE_COMPILE_CACHE: `${clone}/node_modules/.cache/tidepool/compile-cache` },
    patience: 600,
  });
  const first = await createRunning(tidepool, 'keeper');
  await serveShells(tidepool, 'keeper', 3000);
  const terminal = await openTerminal(tidepool, await publish(tidepool, 'keeper', 3000));
  const shell = await terminal.ask('echo shell-$$');
  const built = await stat(`${clone}/packages/spa/dist/index.html`);
  const installed = await stat(`${clone}/node_modules/.package-lock.json`);

  await tidepool.killSupervisor();
  await tidepool.startAgain();
  const again = await tidepool.api('getWorkspace', { params: { id: 'keeper' } });
  expect(again).toMatchObject({ id: first.id, status: 'running' });
  expect((await stat(`${clone}/packages/spa/dist/index.html`)).mtimeMs, 'the page was not built anew').toBe(
    built.mtimeMs,
  );
  expect((await stat(`${clone}/node_modules/.package-lock.json`)).mtimeMs, 'nothing was installed anew').toBe(
    installed.mtimeMs,
  );
  expect(tidepool.printed()).not.toMatch(/building the workspace image/i);
  expect(terminal.closed()).toBe(false);
  expect(await terminal.ask('echo shell-$$'), 'the same shell in the same WebSocket').toBe(shell);
  terminal.close();
});

test('a second start on the same home says in one line who has it, and disturbs nothing', async () => {
  if (tidepool === undefined || clone === undefined) throw new Error('the first test did not start Tidepool');
  const { pids } = tidepool;
  const running = async () => [...(await pids('/src/main.ts')), ...(await pids('caddy\0run'))];
  const before = await running();
  expect(before, 'up, queue, server, worker and Caddy').toHaveLength(5);
  const second = await run('npm', ['start', '--silent'], { cwd: clone, env: tidepool.env });
  expect(second.code).toBe(1);
  const said = `${second.stdout}${second.stderr}`.split('\n').filter((line) => line !== '' && !line.startsWith('npm '));
  expect(said).toEqual([
    expect.stringMatching(new RegExp(`Another Tidepool runs on ${tidepool.home} \\(process \\d+\\)\\.$`)),
    expect.stringMatching(/TIDEPOOL_HOME/),
  ]);
  expect(await running()).toEqual(before);
  expect(await tidepool.api('getWorkspace', { params: { id: 'keeper' } })).toMatchObject({ status: 'running' });
});

test('Ctrl-C leaves no process, and the next start offers the stopped workspaces again', async () => {
  if (tidepool === undefined) throw new Error('the test before this one did not start Tidepool');
  const { home } = tidepool;
  expect(await tidepool.stop()).toBe(0);
  const left = tidepool;
  await until('every process to be gone', async () => (await left.pids('')).length === 0, 20);
  expect(await readdir(home)).toContain('tidepool.db');
  await left.startAgain();
  expect(await left.api('getWorkspace', { params: { id: 'keeper' } })).toMatchObject({
    status: 'stopped',
    stopReason: 'shutdown',
  });
  await until('the offer, which is printed behind the address', () =>
    left.printed().includes('1 workspace was running when Tidepool last ended'),
  );
});

/** The machine's own where that is it; else from npm, kept in a cache. */
async function pathWithNode20(): Promise<string> {
  // Without what npm and the pinned Node put before it.
  const path = (process.env.PATH ?? '')
    .split(':')
    .filter((part) => !part.includes('node_modules'))
    .join(':');
  const own = await run('node', ['--version'], { env: { PATH: path } });
  if (own.stdout.startsWith('v20.')) return path;
  const folder = `${root}node_modules/.cache/tidepool/node-20`;
  const name = `node-${process.platform}-${process.arch}`;
  const installed = await run('npm', ['install', '--no-save', '--prefix', folder, `${name}@20`]);
  expect(installed.code, installed.stderr).toBe(0);
  return `${folder}/node_modules/${name}/bin:${path}`;
}
