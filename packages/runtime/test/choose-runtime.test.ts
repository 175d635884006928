/** What `auto` means: Incus where it is set up, and for a home whatever has its workspaces. Needs Linux. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { parseConfig } from '@tidepool/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseRuntime } from '../src/choose-runtime.ts';
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

test('a home with instances on Incus stays with it while it is away, not when it was taken away', async () => {
  mkdirSync(`${double.directory}/home`);
  writeFileSync(`${double.directory}/home/incus-identity`, 'this\n');
  double.on('GET /1.0', 'cut');
  expect(await choose()).toEqual({ kind: 'incus', finding: null });
  expect((await choose({ INCUS_DIR: '/nowhere' })).kind).toBe('sandbox');
});

test('what is named is taken, whatever there is', async () => {
  expect((await choose({ TIDEPOOL_RUNTIME: 'sandbox' })).kind).toBe('sandbox');
  expect((await choose({ TIDEPOOL_RUNTIME: 'incus', INCUS_DIR: '/nowhere' })).kind).toBe('incus');
});
