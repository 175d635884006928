/**
 * The disk of the home is full to its last byte while workspaces run: what makes room goes on, what needs some is refused
 * with the fix, nothing is lost, and all is well by itself when there is space again.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { ApiError, type EndpointName, type Problem } from '@tidepool/core';
import { checkInvariants } from '@tidepool/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exec, openTerminal, publish, serveShells, type Terminal } from './inside.ts';
import { createRunning, finished, startTidepool, type Tidepool, until } from './tidepool.ts';

/** Room for what a start needs, and little more. */
const size = '700m';
const needsRoot = process.getuid?.() !== 0;

let tidepool: Tidepool;
let terminal: Terminal;
let isMounted = false;
const filler = () => `${tidepool.home}/filler`;

beforeAll(async () => {
  if (needsRoot) return;
  tidepool = await startTidepool();
  await tidepool.stop();
  rmSync(tidepool.home, { recursive: true });
  execFileSync('mkdir', [tidepool.home]);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0711`, 'tidepool-test', tidepool.home]);
  isMounted = true;
  chmodSync(tidepool.home, 0o711);
  await tidepool.startAgain();
  for (const name of ['one', 'two', 'three']) await createRunning(tidepool, name);
  await exec(tidepool, 'two', ['sh', '-c', 'echo mine > file; sync']);
  await serveShells(tidepool, 'two', 3000);
  terminal = await openTerminal(tidepool, await publish(tidepool, 'two', 3000));
  fill();
});
afterAll(async () => {
  terminal?.close();
  await tidepool?.stop();
  if (isMounted) execFileSync('umount', ['--lazy', tidepool.home]);
  await tidepool?.dispose();
});

test.skipIf(needsRoot)('what needs room is refused with the fix, and the host says why at once', async () => {
  const host = await tidepool.api('getHost', {});
  expect(host.observed?.disk.freeMiB).toBe(0);
  expect(host.observed?.findings).toContainEqual(
    expect.objectContaining({ id: 'disk', status: 'warning', fix: expect.stringContaining('Nothing is started') }),
  );
  const create = () => tidepool.api('createWorkspace', { body: { name: 'four', memoryMiB: 512 } });
  const restart = () => tidepool.api('restartWorkspace', { params: { id: 'two' } });
  for (const ask of [create, restart]) {
    expect(await problemOf(ask())).toMatchObject({
      status: 507,
      code: 'disk_full',
      fix: expect.stringContaining('Delete a workspace'),
    });
  }
  expect(await statuses()).toEqual({ one: 'running', two: 'running', three: 'running' });
});

test.skipIf(needsRoot)('stop and delete go on, events tell of them, and nobody else notices', async () => {
  const events = await listen();
  expect((await ended('stopWorkspace', 'one')).status).toBe('succeeded');
  await until('the event of the stop', () => events.text().includes('"Stopped"'));
  expect(await problemOf(tidepool.api('startWorkspace', { params: { id: 'one' } }))).toMatchObject({
    code: 'disk_full',
  });
  expect((await ended('deleteWorkspace', 'three')).status).toBe('succeeded');
  await events.close();
  expect(await statuses()).toEqual({ one: 'stopped', two: 'running' });
  expect(await terminal.ask('cat file')).toBe('mine');
  expect(checkInvariants(`${tidepool.home}/tidepool.db`)).toEqual([]);
});

test.skipIf(needsRoot)('a workspace that takes every byte that comes free is stopped all the same', async () => {
  rmSync(filler());
  await until('there is room', async () => (await ended('startWorkspace', 'one')).status === 'succeeded');
  const greedy = 'setsid sh -c "while :; do cat /dev/zero >> greedy 2>/dev/null; done" < /dev/null > /dev/null 2>&1 &';
  await exec(tidepool, 'one', ['sh', '-c', greedy]);
  await until('the disk to be full', async () => (await tidepool.api('getHost', {})).observed?.disk.freeMiB === 0);
  expect((await ended('stopWorkspace', 'one')).status).toBe('succeeded');
  expect(await terminal.ask('cat file')).toBe('mine');
  expect((await ended('deleteWorkspace', 'one')).status).toBe('succeeded');
  fill();
});

test.skipIf(needsRoot)('server and worker that are killed meanwhile come back, and go on', async () => {
  for (const part of ['packages/server/src/main.ts', 'packages/worker/src/main.ts']) {
    const before = await tidepool.pids(part);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await until(`${part} to be started anew`, async () => {
      const now = await tidepool.pids(part);
      return now.length > 0 && !now.some((pid) => before.includes(pid));
    });
    await until('Tidepool to answer', () => tidepool.api('getHost', {}));
  }
  expect(await statuses()).toEqual({ two: 'running' });
  expect(await terminal.ask('cat file')).toBe('mine');
  expect((await ended('stopWorkspace', 'two')).status).toBe('succeeded');
});

test.skipIf(needsRoot)('when there is space again, all goes on by itself and nothing is lost', async () => {
  rmSync(filler());
  expect((await ended('startWorkspace', 'two')).status).toBe('succeeded');
  expect((await exec(tidepool, 'two', ['cat', 'file'])).stdout).toBe('mine\n');
  await createRunning(tidepool, 'four');
  const { observed } = await tidepool.api('getHost', {});
  expect(observed?.findings.find(({ id }) => id === 'disk')?.fix ?? '').not.toContain('Nothing is started');
  expect(await statuses()).toEqual({ four: 'running', two: 'running' });
  expect(checkInvariants(`${tidepool.home}/tidepool.db`)).toEqual([]);
});

/** To the last byte. */
function fill(): void {
  for (const bytes of [2 ** 20, 4096, 512, 1]) {
    const piece = Buffer.alloc(bytes);
    try {
      for (;;) writeFileSync(filler(), piece, { flag: 'a' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}

async function problemOf(asked: Promise<unknown>): Promise<Problem> {
  const error = await asked.then(
    () => new Error('it was accepted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw error;
  return error.problem;
}

async function ended(name: Extract<EndpointName, `${'start' | 'stop' | 'delete'}Workspace`>, id: string) {
  return finished(tidepool, await tidepool.api(name, { params: { id } }));
}

async function statuses(): Promise<Record<string, string>> {
  const { items } = await tidepool.api('listWorkspaces', {});
  return Object.fromEntries(items.map(({ name, status }) => [name, status]));
}

/** What the stream of events said since. */
async function listen() {
  const stop = new AbortController();
  const headers = { authorization: tidepool.authorization };
  const { body } = await fetch(`${tidepool.appOrigin}/api/events`, { headers, signal: stop.signal });
  if (body === null) throw new Error('the stream has a body');
  let text = '';
  const reading = (async () => {
    for await (const piece of body.pipeThrough(new TextDecoderStream())) text += piece;
  })().catch(() => undefined);
  return {
    text: () => text,
    close: () => {
      stop.abort();
      return reading;
    },
  };
}
