/** The tail alone, with its net taken away: what arrives was seen because a write woke it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createStore, type Store } from '@tidepool/db';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEventTail } from '../src/index.ts';
import { createWorkspace } from './drive.ts';
import { configOf, newHome, storeOptions } from './harness.ts';

let home: string;
let store: Store;
let reads: Store;
beforeEach(() => {
  home = newHome();
  store = createStore(storeOptions(configOf(home)));
  reads = createStore({ ...storeOptions(configOf(home)), readOnly: true });
});
afterEach(() => {
  reads.close();
  store.close();
  rmSync(home, { recursive: true, force: true });
});

const anHour = 3_600_000;
const tailOf = (changes: Partial<Store> = {}) =>
  createEventTail({
    reads: { ...reads, ...changes },
    databasePath: configOf(home).paths.database,
    log: pino({ level: 'silent' }),
    lookEveryMs: anHour,
  });

test('a write of this process, and one of another, wake it', async () => {
  const tail = tailOf();
  let heard = 0;
  const listening = tail.listen(() => {
    heard += 1;
  });
  const rows = () => store.activityBounds().last - listening.bounds.last;
  createWorkspace(store, 'web');
  await expect.poll(() => heard, { timeout: 15_000 }).toBe(rows());
  const script = fileURLToPath(new URL('./write-activity.ts', import.meta.url));
  const writer = spawn(process.execPath, [script, configOf(home).paths.database, '20'], { stdio: 'inherit' });
  await once(writer, 'exit');
  await expect.poll(() => heard, { timeout: 15_000 }).toBe(rows());
  expect(rows()).toBeGreaterThanOrEqual(21);
  tail.stop();
});

test('who listens later begins where the others are, and nobody misses a row', () => {
  const tail = tailOf();
  const first: (string | null)[] = [];
  const second: (string | null)[] = [];
  const one = tail.listen((event) => first.push(event.workspaceId));
  const { id: web } = createWorkspace(store, 'web');
  const two = tail.listen((event) => second.push(event.workspaceId));
  expect(first).toContain(web);
  expect(two.bounds.last).toBe(store.activityBounds().last);
  expect(two.replay(one.bounds.last).map((event) => event.workspaceId)).toEqual(first);
  const { id: other } = createWorkspace(store, 'other');
  tail.listen(() => undefined);
  expect(second).toContain(other);
  expect(second).not.toContain(web);
  expect(first).toEqual([...two.replay(one.bounds.last).map((event) => event.workspaceId), ...second]);
  tail.stop();
});

test('it rests while nobody listens, and forgets nothing by it', () => {
  const tail = tailOf();
  const listening = tail.listen(() => undefined);
  listening.end();
  createWorkspace(store, 'web');
  const later = tail.listen(() => undefined);
  expect(later.bounds.last).toBe(store.activityBounds().last);
  expect(later.replay(listening.bounds.last).length).toBe(later.bounds.last - listening.bounds.last);
  tail.stop();
});

test('what a look failed to read comes with the next one, although nothing more is committed', async () => {
  let failures = 1;
  const tail = tailOf({
    activitySince(...asked) {
      failures -= 1;
      if (failures === 0) throw new Error('the disk reports an error');
      return reads.activitySince(...asked);
    },
  });
  let heard = 0;
  const listening = tail.listen(() => {
    heard += 1;
  });
  createWorkspace(store, 'web');
  await expect.poll(() => heard, { timeout: 15_000 }).toBe(store.activityBounds().last - listening.bounds.last);
  expect(failures).toBeLessThan(0);
  tail.stop();
});
