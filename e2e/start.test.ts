/** `npm start` as a newcomer meets it: a fresh clone, an old Node first on the PATH, an empty home. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { run } from './inside.ts';
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
  // Without what npm and the pinned Node put before it: the machine's own.
  const path = (process.env.PATH ?? '')
    .split(':')
    .filter((part) => !part.includes('node_modules'))
    .join(':');
  tidepool = await startTidepool({
    command: { file: 'npm', args: ['start'], cwd: clone },
    env: { PATH: path },
    patience: 600,
  });
  const first = await createRunning(tidepool, 'keeper');
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
});

test('Ctrl-C leaves no process, and the next start offers the stopped workspaces again', async () => {
  if (tidepool === undefined) throw new Error('the test before this one did not start Tidepool');
  const { home } = tidepool;
  expect(await tidepool.stop()).toBe(0);
  const left = tidepool;
  await until('every process to be gone', async () => (await left.pids('')).length === 0, 20);
  expect(await readdir(home)).toContain('tidepool.db');
  await tidepool.startAgain();
  expect(await tidepool.api('getWorkspace', { params: { id: 'keeper' } })).toMatchObject({
    status: 'stopped',
    stopReason: 'shutdown',
  });
  expect(tidepool.printed()).toMatch(/1 workspace was running when Tidepool last ended/);
});
