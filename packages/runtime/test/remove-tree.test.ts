/** Removals that fail half-way. A mount stands for what cannot be removed, such as a file that root has made immutable. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeTree, sweepTrash } from '../src/sandbox/remove-tree.ts';
import { host, signal } from './sandbox-harness.ts';

let directory: string;
let trash: string;
beforeEach(() => {
  directory = mkdtempSync('/tmp/tp-');
  trash = join(directory, '.trash');
});
afterEach(async () => {
  await release();
  rmSync(directory, { recursive: true });
});

/** A tree with a part that stays for as long as `release` has not been called, wherever the tree is moved to. */
async function heldTree(path: string): Promise<void> {
  mkdirSync(join(path, 'home/held'), { recursive: true });
  writeFileSync(join(path, 'instance.json'), '{}');
  expect((await host(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', join(path, 'home/held')])).code).toBe(0);
}

async function release(): Promise<void> {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  for (const path of mounts.map((line) => line.split(' ')[1] ?? '').filter((at) => at.startsWith(`${directory}/`))) {
    expect((await host(['umount', path])).code).toBe(0);
  }
}

test('a removal that fails half-way fails again for as long as something is left, and then succeeds', async () => {
  const path = join(directory, 'one');
  await heldTree(path);
  await expect(removeTree(path, trash, signal)).rejects.toThrow('held');
  expect(existsSync(path)).toBe(false);
  await expect(removeTree(path, trash, signal)).rejects.toThrow('held');
  await release();
  await removeTree(path, trash, signal);
  expect(readdirSync(trash)).toEqual([]);
  await removeTree(path, trash, signal);
});

test('what a failed removal left is not in the way of the next of that name', async () => {
  const path = join(directory, 'one');
  await heldTree(path);
  await expect(removeTree(path, trash, signal)).rejects.toThrow('held');
  await release();
  mkdirSync(path);
  writeFileSync(join(path, 'file'), 'made since');
  await removeTree(path, trash, signal);
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(trash)).toEqual([]);
});

test('a sweep goes on past what cannot be deleted, and tells', async () => {
  await heldTree(join(trash, 'one'));
  for (const name of ['a', 'b', 'c', 'x', 'y', 'z']) mkdirSync(join(trash, name));
  await expect(sweepTrash(trash, signal)).rejects.toThrow('held');
  expect(readdirSync(trash)).toEqual(['one']);
  await release();
  await sweepTrash(trash, signal);
  expect(readdirSync(trash)).toEqual([]);
});
