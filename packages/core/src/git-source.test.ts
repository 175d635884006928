import { expect, test } from 'vitest';
import { gitSource, whyNotClone } from './git-source.ts';

const said = (input: unknown) => {
  const { success, data, error } = gitSource.safeParse(input);
  return success ? data : error.issues.map(({ message }) => message).join(' ');
};

test.each([
  ['https://example.org/team/project.git', 'https://example.org/team/project.git'],
  ['  HTTPS://Example.ORG:443/Team/Project ', 'https://example.org/Team/Project'],
  ['https://example.org:8443/a%20b.git', 'https://example.org:8443/a%20b.git'],
  ['https://münchen.example/ä', 'https://xn--mnchen-3ya.example/%C3%A4'],
])('%s is kept as %s', (git, kept) => {
  expect(said({ git })).toEqual({ git: kept });
});

test.each([
  ['http://example.org/a', 'https://'],
  ['ssh://git@example.org/a', 'https://'],
  ['git@example.org:a.git', 'https://'],
  ['file:///etc', 'https://'],
  ['ext::sh -c id', 'https://'],
  ['--upload-pack=id', 'https://'],
  ['https://', 'no address'],
  ['https://user@example.org/a', 'No user name'],
  ['https://user:secret@example.org/a', 'No user name'],
  ['https://:secret@example.org/a', 'No user name'],
  ['https://example.org/a?private_token=secret', 'No "?"'],
  ['https://example.org/a#secret', 'No "?"'],
  [`https://example.org/${'a'.repeat(500)}`, '500'],
])('%s is refused, and the reason does not repeat it', (git, reason) => {
  expect(said({ git })).toContain(reason);
  expect(said({ git })).not.toContain('secret');
});

test.each(['main', 'feature/x', 'v1.2.3', '0f9b6bb7bd2c3e1f5f0f6a3bd1a2c3d4e5f60718', 'ä'])('%s is a ref', (ref) => {
  expect(said({ git: 'https://example.org/a', ref })).toMatchObject({ ref });
});

test.each(['--upload-pack=id', '-b', 'a..b', 'a b', 'HEAD~1', 'main^', 'a:b', 'a\nb', '.hidden', 'x.lock', 'x/', ''])(
  '%j is no ref',
  (ref) => {
    expect(typeof said({ git: 'https://example.org/a', ref })).toBe('string');
  },
);

test('a repository may be cloned while the workspace runs and has it not', () => {
  expect(whyNotClone({ status: 'running', source: { status: 'failed' } })).toBeUndefined();
  expect(whyNotClone({ status: 'running', source: { status: 'waiting' } })).toBeUndefined();
  expect(whyNotClone({ status: 'running', source: { status: 'cloned' } })).toContain('already');
  expect(whyNotClone({ status: 'stopped', source: { status: 'failed' } })).toContain('stopped');
  expect(whyNotClone({ status: 'running', source: null })).toContain('without');
});
