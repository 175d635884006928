import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, parseConfig } from '@tidepool/core';
import bcrypt from 'bcryptjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureSecrets, readCredentials } from './secrets.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync('/tmp/tp-');
  mkdirSync(join(home, 'sessions'));
  writeFileSync(join(home, 'sessions/token'), '');
});
afterEach(() => rmSync(home, { recursive: true }));

function config(env: Record<string, string> = {}): Config {
  return parseConfig(
    { TIDEPOOL_HOME: home, ...env },
    { cwd: '/', homeDirectory: '/', isRoot: false, totalMemoryMiB: 8192 },
  );
}

test('the first start makes a password, its hash and a secret, for the owner alone to read', () => {
  const made = ensureSecrets(config());
  expect(made.password).toMatch(/^[a-z2-9]{20}$/);
  expect(made.proxy).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(bcrypt.compareSync(made.password, made.passwordHash)).toBe(true);
  expect(JSON.parse(readFileSync(join(home, 'credentials.json'), 'utf8'))).toEqual({
    user: 'tidepool',
    password: made.password,
  });
  for (const file of ['credentials.json', 'secrets.json']) expect(statSync(join(home, file)).mode & 0o777).toBe(0o600);
});

test('the next start changes nothing: a fresh salt would close every terminal', () => {
  const first = ensureSecrets(config());
  expect(ensureSecrets(config())).toEqual(first);
  expect(readdirSync(join(home, 'sessions'))).toEqual(['token']);
});

test.each([{ TIDEPOOL_PASSWORD: 'another password' }, { TIDEPOOL_USER: 'ada' }])(
  '%j signs everybody out and is kept',
  (change) => {
    const first = ensureSecrets(config());
    const next = ensureSecrets(config(change));
    expect(next).not.toEqual(first);
    expect(next.proxy).toBe(first.proxy);
    expect(bcrypt.compareSync(next.password, next.passwordHash)).toBe(true);
    expect(readCredentials(config())).toEqual({ user: next.user, password: next.password });
    expect(readdirSync(join(home, 'sessions'))).toEqual([]);
  },
);

test('a file that was cut off is named, with what to do', () => {
  writeFileSync(join(home, 'secrets.json'), '{"proxy": ');
  expect(() => ensureSecrets(config())).toThrow(
    expect.objectContaining({ fix: expect.stringContaining(`rm ${home}/secrets.json`) }),
  );
});

test('before the first start there are no credentials', () => {
  expect(readCredentials(config())).toBeNull();
});
