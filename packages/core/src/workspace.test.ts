import { expect, test } from 'vitest';
import { addPortBody } from './bodies.ts';
import { workspaceName } from './workspace.ts';

test.each(['abc', 'web-app', 'a1-b2-c3', 'x'.repeat(40)])('%s is a name', (name) => {
  expect(workspaceName.parse(name)).toBe(name);
});

test.each([
  'ab',
  'x'.repeat(41),
  '1ab',
  '-ab',
  'ab-',
  'a--b',
  'Web',
  'a_b',
  'a.b',
  'ab/c',
  '--privileged',
  'tidepool',
  'api',
  'app',
  'ünder',
  'abc\n',
  '',
])('%j is no name, and the reason says more than «invalid»', (name) => {
  const { success, error } = workspaceName.safeParse(name);
  expect(success).toBe(false);
  expect(error?.issues[0]?.message).not.toMatch(/invalid/i);
});

test.each([80, 1023, 8080, 65536, 3000.5, -1, Number.NaN, '3000', null])('%j is no port to register', (port) => {
  expect(addPortBody.safeParse({ port }).success).toBe(false);
});

test('a registered port has its prefix stripped unless told otherwise', () => {
  expect(addPortBody.parse({ port: 3000 })).toEqual({ port: 3000, stripPrefix: true });
});
