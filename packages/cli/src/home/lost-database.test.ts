import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '@tidepool/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refuseLostDatabase } from './lost-database.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync('/tmp/tp-');
  mkdirSync(join(home, 'sandboxes/.launcher'), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true }));

const look = () =>
  refuseLostDatabase(
    parseConfig({ TIDEPOOL_HOME: home }, { cwd: '/', homeDirectory: '/', isRoot: false, totalMemoryMiB: 8192 }),
  );
const makeDisk = () => mkdirSync(join(home, 'sandboxes/01900000-0000-7000-8000-000000000000'));

test('a new home, and one with its database, are fine', () => {
  expect(look).not.toThrow();
  makeDisk();
  writeFileSync(join(home, 'tidepool.db'), 'SQLite format 3');
  expect(look).not.toThrow();
});

test('disks without their database are named, and what to do with them', () => {
  makeDisk();
  expect(look).toThrow(
    expect.objectContaining({ message: expect.stringContaining('is gone, but'), fix: expect.stringContaining('mv ') }),
  );
  writeFileSync(join(home, 'tidepool.db'), '');
  expect(look).toThrow('is empty, but');
});
