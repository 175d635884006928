/** What `auto` means: Incus where it is set up, and for a home whatever has its workspaces. Needs Linux. */
import { mkdirSync, rmSync } from 'node:fs';
import { parseConfig } from '@tidepool/core';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseRuntime } from '../src/choose-runtime.ts';
import { createRuntime } from '../src/create-runtime.ts';
import { forgetHomeRuntime, noteHomeRuntime, readHomeRuntime } from '../src/home-runtime.ts';
import { type IncusDouble, openIncusDouble } from './incus-double.ts';

const signal = AbortSignal.timeout(600_000);
let double: IncusDouble;
beforeEach(async () => {
  double = await openIncusDouble();
});
afterEach(() => double.close());

function choose(env: Record<string, string> = {}) {
  const { directory, config } = double;
  const around = { cwd: '/', homeDirectory: directory, isRoot: false, totalMemoryMiB: 4096 };
  const given = {
    TIDEPOOL_HOME: `${directory}/home`,
    INCUS_DIR: directory,
    TIDEPOOL_INCUS_NETWORK: config.network,
    ...env,
  };
  return chooseRuntime(parseConfig(given, around), signal);
}

test('Incus where it is set up', async () => {
  rmSync(`${double.directory}/incus-identity`, { force: true });
  expect(await choose()).toEqual({ kind: 'incus', finding: null });
});

test('the sandbox where Incus is not, or is not set up, saying what is missing', async () => {
  expect(await choose({ INCUS_DIR: '/nowhere' })).toMatchObject({
    kind: 'sandbox',
    finding: { status: 'ok', detail: expect.stringContaining('/nowhere') },
  });
  double.on('GET /1.0/projects/tidepool', { error: 'not found', code: 404 });
  expect(await choose()).toMatchObject({ kind: 'sandbox', finding: { detail: expect.stringContaining('not set up') } });
});

test('a home with sandboxes stays with them', async () => {
  mkdirSync(`${double.directory}/home/sandboxes/one`, { recursive: true });
  expect(await choose()).toMatchObject({
    kind: 'sandbox',
    finding: { detail: expect.stringContaining('Incus is ready') },
  });
});

test('a home with workspaces on Incus stays with it wherever Incus is, until the last is gone', async () => {
  const home = `${double.directory}/home`;
  noteHomeRuntime(home, 'incus');
  double.on('GET /1.0', 'cut');
  expect(await choose()).toEqual({ kind: 'incus', finding: null });
  expect(await choose({ INCUS_DIR: '/nowhere' })).toEqual({ kind: 'incus', finding: null });
  forgetHomeRuntime(home);
  expect((await choose({ INCUS_DIR: '/nowhere' })).kind).toBe('sandbox');
});

test('a runtime that has not the workspaces of the home is refused, the one that has them is not', async () => {
  noteHomeRuntime(`${double.directory}/home`, 'incus');
  await expect(choose({ TIDEPOOL_RUNTIME: 'sandbox' })).rejects.toMatchObject({
    code: 'invalid_config',
    message: expect.stringContaining('run on incus'),
    fix: expect.stringContaining('TIDEPOOL_RUNTIME=incus'),
  });
  expect((await choose({ TIDEPOOL_RUNTIME: 'incus' })).kind).toBe('incus');
});

test('the first instance settles which runtime has the home', async () => {
  const around = { cwd: '/', homeDirectory: double.directory, isRoot: false, totalMemoryMiB: 4096 };
  const env = { TIDEPOOL_HOME: `${double.directory}/home`, TIDEPOOL_RUNTIME: 'fake' };
  const runtime = await createRuntime(parseConfig(env, around), pino({ level: 'silent' }));
  expect(readHomeRuntime(env.TIDEPOOL_HOME)).toBeNull();
  const size = { cpus: 1, memoryMiB: 512, diskGiB: 20, logDirectory: double.directory };
  await runtime.create({ id: 'one', name: 'one', image: 'workspace@fake', ...size }, { fence: 1, signal });
  expect(readHomeRuntime(env.TIDEPOOL_HOME)).toBe('fake');
});

test('what is named is taken where the home has no workspaces, whatever there is', async () => {
  expect((await choose({ TIDEPOOL_RUNTIME: 'sandbox' })).kind).toBe('sandbox');
  expect((await choose({ TIDEPOOL_RUNTIME: 'incus', INCUS_DIR: '/nowhere' })).kind).toBe('incus');
});
