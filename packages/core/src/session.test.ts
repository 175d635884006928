import { expect, test } from 'vitest';
import { isReturnPath, returnPathOf, sessionCookieName, sessionToken } from './session.ts';

test('the cookie is named for the app port', () => {
  expect(sessionCookieName(8080)).toBe('tidepool_8080');
});

test.each(['', '*', `${'A'.repeat(42)}*`, `../${'A'.repeat(40)}`, 'A'.repeat(44), `${'A'.repeat(43)}\n`])(
  '%j is no token',
  (token) => {
    expect(sessionToken.test(token)).toBe(false);
  },
);

test.each([
  '/workspace/web/',
  '/workspace/web/?folder=/home/dev&url=https://example.org/',
  '/workspace/web/port/3000/a%20b/..c/',
])('%s is an address to return to', (path) => {
  expect(isReturnPath(path)).toBe(true);
});

test.each([
  '',
  '/',
  '/app/',
  'https://evil.example/workspace/',
  '//evil.example/workspace/',
  '/workspace//evil.example',
  '/workspace/../app/',
  '/workspace/%2E%2e/app/',
  '/workspace/x/.',
  '/workspace/\\evil.example',
  '/workspace/x\r\nSet-Cookie: a=b',
  '/workspace/x y',
  '/workspace/ü',
  '/workspaces/',
])('%j is none', (path) => {
  expect(isReturnPath(path)).toBe(false);
});

test('the return address reaches to the end of the query, undecoded', () => {
  expect(returnPathOf('/app/sign-in?return=/workspace/web/?a=1&b=%2F&return=/x')).toBe(
    '/workspace/web/?a=1&b=%2F&return=/x',
  );
  expect(returnPathOf('/-/signed-in?from=app&return=/workspace/web/')).toBe('/workspace/web/');
});

test.each(['/app/sign-in', '/app/sign-in?', '/app/sign-in?return=', '/app/sign-in?return=//evil.example'])(
  '%s has no return address',
  (url) => {
    expect(returnPathOf(url)).toBeNull();
  },
);
