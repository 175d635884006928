import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { guestUser } from '../sandbox/guest-etc.ts';
import { imageSource, readRecipe } from './recipe.ts';

const recipe = readRecipe(imageSource);
const packer = readFileSync(join(imageSource, 'alpine/workspace.pkr.hcl'), 'utf8');

test('the user of the images is the one that every runtime starts the editor as', () => {
  const { name, uid, home } = guestUser;
  expect(recipe.user).toMatchObject({ name, uid, home });
});

test('no package is named twice', () => {
  for (const system of ['debian', 'alpine'] as const) {
    const names = recipe.system.packages.flatMap((group) => group[system]);
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  }
});

test('what the boot, a sudoer and a developer need is there', () => {
  const names = recipe.system.packages.flatMap(({ debian }) => debian);
  expect(names).toEqual(
    expect.arrayContaining(['iproute2', 'nftables', 'sudo', 'git', 'curl', 'build-essential', 'python3']),
  );
  expect(names).not.toContain('systemd');
});

test('what the Packer recipe takes from the description is in it', () => {
  const taken = [...packer.matchAll(/local\.recipe\.([\w.]+)/g)].map(([, path = '']) => path);
  expect(taken.length).toBeGreaterThan(3);
  for (const path of taken) {
    const value = path.split('.').reduce<unknown>((at, key) => Reflect.get(Object(at), key), recipe);
    expect(value, path).toBeDefined();
  }
});

test('the files that the Packer recipe copies are there', () => {
  const paths = [...packer.matchAll(/\$\{path\.root\}\/([\w./-]+)/g)].map(([, path = '']) => path);
  const copied = paths.filter((path) => path !== 'build');
  expect(copied.length).toBeGreaterThan(5);
  for (const path of copied) expect(existsSync(join(imageSource, 'alpine', path)), path).toBe(true);
});
