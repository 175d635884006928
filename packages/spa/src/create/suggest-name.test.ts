import { workspaceName } from '@tidepool/core';
import { expect, test } from 'vitest';
import { suggestName } from './suggest-name.ts';

const nobody = () => false;

test('every suggestion is a name that may be given, and nobody has', () => {
  const taken = new Set<string>();
  for (let count = 0; count < 400; count += 1) {
    const name = suggestName({ seed: (count % 97) / 97, git: '', isTaken: (each) => taken.has(each) });
    expect(workspaceName.safeParse(name).error).toBeUndefined();
    expect(taken.has(name)).toBe(false);
    taken.add(name);
  }
});

test('it stays the same while others come and go', () => {
  const name = suggestName({ seed: 0.3, git: '', isTaken: nobody });
  expect(suggestName({ seed: 0.3, git: '', isTaken: (each) => each === 'somebody' })).toBe(name);
  expect(suggestName({ seed: 0.3, git: '', isTaken: (each) => each === name })).not.toBe(name);
});

test.each([
  ['https://example.org/team/project.git', 'project'],
  ['https://example.org/team/Web_App/', 'web-app'],
  ['https://example.org/a/viewer?x=1', 'viewer'],
  ['HTTPS://example.org/a/b/notes.git', 'notes'],
])('%s suggests %s', (git, name) => {
  expect(suggestName({ seed: 0, git, isTaken: nobody })).toBe(name);
  expect(suggestName({ seed: 0, git, isTaken: (each) => each === name })).toBe(`${name}-2`);
});

test.each([
  'https://example.org',
  'https://',
  'https://example.org/team/api',
  'https://example.org/a/3d-viewer',
  'git@example.org:team/project',
])('%s gives no name: two words are suggested', (git) => {
  expect(suggestName({ seed: 0, git, isTaken: nobody })).toBe(suggestName({ seed: 0, git: '', isTaken: nobody }));
});
