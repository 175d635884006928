import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '@tidepool/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { caddySpec } from './caddy-process.ts';

let home: string;
let kept: string;
beforeEach(() => {
  home = mkdtempSync('/tmp/tp-');
  kept = join(home, 'caddy/caddy/autosave.json');
  mkdirSync(join(home, 'caddy/caddy'), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true }));

function spec(env: Record<string, string> = {}) {
  const around = { cwd: '/', homeDirectory: '/', isRoot: false, totalMemoryMiB: 8192 };
  return caddySpec(parseConfig({ TIDEPOOL_HOME: home, ...env }, around), {});
}

const guard = () => ({ listen: `unix/${home}/caddy/admin.sock`, enforce_origin: true, origins: ['tidepool'] });

test('a whole config with the same guard is resumed', () => {
  writeFileSync(kept, JSON.stringify({ apps: {}, admin: guard() }));
  expect(spec().command(0)).toContain('--resume');
  expect(spec().command(1)).toContain('--resume');
});

test.each([
  ['empty', ''],
  ['null', 'null'],
  ['cut off', '{"admin": {"li'],
  ['without a guard', '{"apps": {}}'],
  ['with another guard', '{"admin": {"listen": "localhost:2019"}}'],
])('a kept config that is %s is removed, and Caddy begins behind its guard', (_, content) => {
  writeFileSync(kept, content);
  const command = spec().command(0);
  expect(command).not.toContain('--resume');
  expect(existsSync(kept)).toBe(false);
  expect(JSON.parse(readFileSync(join(home, 'caddy/boot.json'), 'utf8'))).toEqual({ admin: guard() });
});

test('a directory in its place is removed too', () => {
  mkdirSync(kept);
  expect(spec().command(0)).not.toContain('--resume');
});

test('a config with which Caddy ends early again and again is given up', () => {
  writeFileSync(kept, JSON.stringify({ apps: {}, admin: guard() }));
  expect(spec().command(2)).not.toContain('--resume');
  expect(existsSync(kept)).toBe(false);
});

test('on TCP the guard names the address itself', () => {
  spec({ TIDEPOOL_CADDY_ADMIN: '127.0.0.1:2019' }).command(0);
  expect(JSON.parse(readFileSync(join(home, 'caddy/boot.json'), 'utf8')).admin).toEqual({
    listen: '127.0.0.1:2019',
    enforce_origin: true,
    origins: ['127.0.0.1:2019'],
  });
});
