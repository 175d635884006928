/** What of the file table is seen on the disk: whole or not at all, strays, crashed runs, a full disk. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { RouteTarget } from '@tidepool/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileRoutes } from '../src/file-routes.ts';
import { guardOf, type Route, type Routes } from '../src/routes.ts';
import { unguarded } from '../src/unguarded.ts';

const target: RouteTarget = { kind: 'tcp', host: '10.4.0.7', port: 8080 };
const moved: RouteTarget = { kind: 'tcp', host: '10.4.0.8', port: 8080 };

let home: string;
let directory: string;
let strays: string[];
let routes: Routes;

beforeEach(() => {
  home = mkdtempSync('/tmp/tp-');
  directory = `${home}/routes`;
  strays = [];
  routes = createFileRoutes({ directory, onStray: (path) => strays.push(path) });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('a route is an empty file named for its address, and nothing is left aside', async () => {
  await routes.replace('web', [ide(target), port(3000), { ...port(3001), stripPrefix: false }], unguarded);
  expect(tree()).toEqual([
    '.staging',
    'web',
    'web/3000',
    'web/3000/10.4.0.7:8080',
    'web/3001-kept',
    'web/3001-kept/10.4.0.7:8080',
    'web/ide',
    'web/ide/10.4.0.7:8080',
  ]);
  await routes.replace('web', [], unguarded);
  expect(tree()).toEqual(['.staging']);
});

test('nothing is visible before the guard commits, everything after', async () => {
  const first = guardOf((change) => {
    expect(visible()).toEqual([]);
    change();
    expect(visible()).toHaveLength(5);
  });
  await routes.replace('web', [ide(target), port(3000)], first);
  const second = guardOf((change) => {
    expect(visible()).toContain('web/ide/10.4.0.7:8080');
    change();
    expect(visible()).toEqual(['web', 'web/4000', 'web/4000/10.4.0.7:8080', 'web/ide', 'web/ide/10.4.0.8:8080']);
  });
  await routes.replace('web', [ide(moved), port(4000)], second);
});

test('a route that stays is not touched', async () => {
  await routes.replace('web', [ide(target), port(3000)], unguarded);
  const before = stamp('web/ide');
  await routes.replace('web', [ide(target), port(3000)], unguarded);
  await routes.replace('web', [ide(target), port(4000)], unguarded);
  await routes.replace('web', [ide(target)], unguarded);
  expect(stamp('web/ide')).toBe(before);
});

test('strays are told, are no routes, and do not hinder those that are', async () => {
  await routes.replace('web', [ide(target)], unguarded);
  writeFileSync(`${directory}/notes.txt`, '');
  mkdirSync(`${directory}/Not A Name`);
  mkdirSync(`${directory}/web/3000`);
  writeFileSync(`${directory}/web/3001`, '');
  mkdirSync(`${directory}/web/3002/inner:1`, { recursive: true });
  mkdirSync(`${directory}/web/elsewhere`);
  writeFileSync(`${directory}/web/elsewhere/10.4.0.7:80`, '');
  expect(await routes.list()).toEqual([{ workspace: 'web', routes: [ide(target)] }]);
  expect(strays.sort()).toEqual(['Not A Name', 'notes.txt', 'web/3000', 'web/3001', 'web/3002', 'web/elsewhere']);
  const wanted = [ide(target), port(3000), port(3001)];
  await routes.replace('web', wanted, unguarded);
  strays.length = 0;
  expect(await routes.list()).toEqual([{ workspace: 'web', routes: wanted }]);
  expect(strays).toEqual(['Not A Name', 'notes.txt']);
});

test('two addresses at one place are a stray, and become one again', async () => {
  await routes.replace('web', [ide(target)], unguarded);
  writeFileSync(`${directory}/web/ide/10.4.0.8:8080`, '');
  expect(await routes.list()).toEqual([{ workspace: 'web', routes: [] }]);
  await routes.replace('web', [ide(moved)], unguarded);
  expect(await routes.list()).toEqual([{ workspace: 'web', routes: [ide(moved)] }]);
});

test('what a crashed run left aside is cleared, what somebody builds now is not', async () => {
  const old = `${directory}/.staging/crashed`;
  mkdirSync(`${old}/in/ide`, { recursive: true });
  const lastHour = new Date(Date.now() - 3_600_000);
  utimesSync(old, lastHour, lastHour);
  mkdirSync(`${directory}/.staging/building`);
  await routes.list();
  expect(readdirSync(`${directory}/.staging`)).toEqual(['building']);
});

test('a change that fails half-way is undone, and may be tried again', async () => {
  await routes.replace('web', [ide(target), port(3000)], unguarded);
  const before = tree();
  const meanwhile = guardOf((change) => {
    // Somebody else takes away what the last of the renames moves.
    renameSync(`${directory}/web/3000`, `${directory}/away`);
    change();
  });
  const attempt = routes.replace('web', [ide(moved)], meanwhile);
  await expect(attempt).rejects.toMatchObject({ code: 'proxy_unavailable', passing: true });
  renameSync(`${directory}/away`, `${directory}/web/3000`);
  expect(tree()).toEqual(before);
  await routes.replace('web', [ide(moved)], unguarded);
  expect(visible()).toEqual(['web', 'web/ide', 'web/ide/10.4.0.8:8080']);
});

test('on a full disk nothing is half-made, and what was there stays', async () => {
  const script = new URL('./full-disk.ts', import.meta.url).pathname;
  const namespaces = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
  const { stdout } = await promisify(execFile)('unshare', [...namespaces, process.execPath, script, home]);
  const { errors, listed, staging } = JSON.parse(stdout);
  expect(errors).toEqual(['disk_full', 'disk_full']);
  expect(listed).toEqual([{ workspace: 'web', routes: [ide(target)] }]);
  expect(staging).toEqual([]);
});

function ide(at: RouteTarget): Route {
  return { port: 'ide', target: at, stripPrefix: true };
}

function port(number: number): Route {
  return { port: number, target, stripPrefix: true };
}

function tree(): string[] {
  return readdirSync(directory, { recursive: true }).map(String).sort();
}

function visible(): string[] {
  return tree().filter((path) => !path.startsWith('.staging'));
}

function stamp(path: string): string {
  const { ino, mtimeMs, ctimeMs } = statSync(`${directory}/${path}`);
  const file = statSync(`${directory}/${path}/10.4.0.7:8080`);
  return JSON.stringify([ino, mtimeMs, ctimeMs, file.ino, file.ctimeMs]);
}
