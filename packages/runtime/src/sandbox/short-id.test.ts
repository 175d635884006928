import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimShortId, findShortId, releaseShortId } from './short-id.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tp-short-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('a workspace keeps its short id, and finds it again', () => {
  const short = claimShortId(directory, 'one');
  expect(short).toMatch(/^[0-9a-f]{8}$/);
  expect(claimShortId(directory, 'one')).toBe(short);
  expect(findShortId(directory, 'one')).toBe(short);
  expect(findShortId(directory, 'two')).toBeNull();
});

test('where another workspace has the short id, a longer one is taken', () => {
  const digits = createHash('sha256').update('one').digest('hex');
  symlinkSync('another', join(directory, digits.slice(0, 8)));
  expect(claimShortId(directory, 'one')).toBe(digits.slice(0, 9));
  expect(findShortId(directory, 'one')).toBe(digits.slice(0, 9));
});

test('a released short id is free', () => {
  const short = claimShortId(directory, 'one');
  releaseShortId(directory, short);
  expect(findShortId(directory, 'one')).toBeNull();
});
