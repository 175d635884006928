import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { imageSource, readRecipe } from '../recipe.ts';
import { treeVersion } from '../tree/tree-version.ts';
import { formatSources } from './compose-machine.ts';
import { machineVersion } from './machine-version.ts';

const bookworm = { distribution: 'debian', release: 'bookworm' } as const;
let source = '';

beforeEach(() => {
  source = mkdtempSync(join(tmpdir(), 'tidepool-images-'));
  cpSync(imageSource, source, { recursive: true });
});

afterEach(() => rmSync(source, { recursive: true }));

test('the version follows the tree, the system, its files and the release, and nothing else', async () => {
  const first = await machineVersion(source, bookworm);
  expect(first).toMatch(/^[0-9a-f]{12}$/);
  const tree = await treeVersion(source);
  writeFileSync(join(source, 'alpine/README.md'), 'Another text.');
  appendFileSync(join(source, 'alpine/install.sh'), '# another\n');
  expect(await machineVersion(source, bookworm)).toBe(first);
  const byAnotherMirror = { ...bookworm, sources: 'another mirror', aptOptions: [] };
  expect(await machineVersion(source, byAnotherMirror)).toBe(first);

  const versions = [first, await machineVersion(source, { ...bookworm, release: 'trixie' })];
  appendFileSync(join(source, 'machine/init.sh'), '# another\n');
  versions.push(await machineVersion(source, bookworm));
  const recipe = readRecipe(source);
  const system = { ...recipe.system, packages: recipe.system.packages.slice(1) };
  writeFileSync(join(source, 'recipe.json'), JSON.stringify({ ...recipe, system }));
  versions.push(await machineVersion(source, bookworm));
  // None of that is in the tree.
  expect(await treeVersion(source)).toBe(tree);
  appendFileSync(join(source, 'workspace/share/bashrc'), '# another\n');
  versions.push(await machineVersion(source, bookworm));
  expect(new Set(versions).size).toBe(versions.length);
});

test('a workspace gets the packages of its release from the public archive', () => {
  const { archives } = readRecipe(imageSource).system;
  expect(formatSources(archives.debian, 'bookworm')).toContain(
    'URIs: http://deb.debian.org/debian\nSuites: bookworm bookworm-updates\n',
  );
  expect(formatSources(archives.debian, 'bookworm')).toContain('Suites: bookworm-security\n');
  expect(formatSources(archives.ubuntu, 'noble')).not.toContain('{release}');
});

test('the description can be read', () => {
  expect(JSON.parse(readFileSync(join(source, 'recipe.json'), 'utf8'))).toEqual(readRecipe(source));
});
