import { expect, test } from 'vitest';
import { workspaceAddress } from './workspace-address.ts';

test.each([
  ['/workspace/web/', 'web', null],
  ['/workspace/web', 'web', null],
  ['/workspace/web?x=1', 'web', null],
  ['/workspace/web/port/3000/', 'web', 3000],
  ['/workspace/web/port/3000', 'web', 3000],
  ['/workspace/web/port/3000?x=/workspace/other/', 'web', 3000],
  ['/workspace/web/port/x', 'web', null],
  ['/workspace/web/port/123456/', 'web', null],
  ['/workspace/foo/%2e%2e/bar/x', 'bar', null],
  ['/workspace/w%65b/', 'web', null],
])('%s is %s, port %s', (uri, name, port) => {
  expect(workspaceAddress(uri)).toEqual({ name, port });
});

test.each([
  '',
  '/',
  'x',
  '//evil',
  '/workspace/',
  '/workspace//',
  '/workspace/Web/',
  '/workspace/%ff/',
  '/workspace/../',
])('%j is none', (uri) => {
  expect(workspaceAddress(uri)).toBeNull();
});
