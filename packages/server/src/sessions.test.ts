import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSessions } from './sessions.ts';

const day = 24 * 60 * 60 * 1000;
let directory: string;
let now: number;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tp-sessions-'));
  now = Date.now();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const sessions = () => createSessions({ directory, now: () => now });
const lastUse = (token: string) => statSync(join(directory, token)).mtimeMs;

test('a session used within a day is not written to', async () => {
  const token = await sessions().create();
  const before = lastUse(token);
  now += day / 2;
  expect(await sessions().use(token)).toBe(true);
  expect(lastUse(token)).toBe(before);
});

test('a session is touched once a day, and so lives on', async () => {
  const token = await sessions().create();
  for (let days = 0; days < 60; days += 2) {
    now += 2 * day;
    expect(await sessions().use(token)).toBe(true);
  }
  expect(Math.abs(lastUse(token) - now)).toBeLessThan(2000);
});

test('a session not used for 30 days is void, and swept away', async () => {
  const old = await sessions().create();
  now += 29 * day;
  const young = await sessions().create();
  utimesSync(join(directory, young), new Date(now), new Date(now));
  now += 2 * day;
  expect(await sessions().use(old)).toBe(false);
  expect(await sessions().sweep()).toBe(1);
  expect(readdirSync(directory)).toEqual([young]);
});

test('the sweep leaves alone what is no session', async () => {
  writeFileSync(join(directory, 'README'), '');
  utimesSync(join(directory, 'README'), new Date(0), new Date(0));
  expect(await sessions().sweep()).toBe(0);
  expect(readdirSync(directory)).toEqual(['README']);
});

test('what is no token is no session, wherever it points', async () => {
  for (const token of ['', '.', '..', '../x', `${'A'.repeat(42)}/`, 'A'.repeat(44)]) {
    expect(await sessions().use(token)).toBe(false);
    await sessions().remove(token);
  }
});

test('without the directory nothing is swept, and creating makes it', async () => {
  const elsewhere = createSessions({ directory: join(directory, 'sessions') });
  expect(await elsewhere.sweep()).toBe(0);
  const token = await elsewhere.create();
  expect(await elsewhere.use(token)).toBe(true);
  expect(statSync(join(directory, 'sessions')).mode & 0o777).toBe(0o700);
});
