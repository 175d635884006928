import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFences } from './fences.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tp-fences-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('a fence rises, and a lower one is refused from then on', () => {
  const fences = openFences(root);
  expect(fences.highest('a')).toBe(0);
  fences.raise('a', 3);
  fences.raise('a', 12);
  expect(fences.highest('a')).toBe(12);
  expect(() => fences.raise('a', 3)).toThrow(expect.objectContaining({ code: 'fence_lost' }));
  expect(() => fences.check('a', 11)).toThrow(expect.objectContaining({ code: 'fence_lost' }));
  fences.check('a', 12);
});

test('instances have fences of their own, seen by whoever opens them', () => {
  openFences(root).raise('a', 5);
  expect(openFences(root).highest('a')).toBe(5);
  expect(openFences(root).highest('b')).toBe(0);
});

test('a lower fence that is written late lowers nothing', () => {
  const fences = openFences(root);
  fences.raise('a', 7);
  writeFileSync(join(fences.directory('a'), '6'), '');
  expect(fences.highest('a')).toBe(7);
});

test('what is passed is cleared away', () => {
  const fences = openFences(root);
  for (const fence of [1, 2, 9, 10]) fences.raise('a', fence);
  expect(readdirSync(fences.directory('a'))).toEqual(['10']);
});
