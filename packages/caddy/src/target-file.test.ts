import type { RouteTarget } from '@tidepool/core';
import { expect, test } from 'vitest';
import { decodeTarget, encodeTarget } from './target-file.ts';

const targets: [string, RouteTarget][] = [
  ['10.4.0.7:8080', { kind: 'tcp', host: '10.4.0.7', port: 8080 }],
  ['[fd00::7]:3000', { kind: 'tcp', host: 'fd00::7', port: 3000 }],
  ['unix:k3f9a2:8080', { kind: 'unix', instance: 'k3f9a2', port: 8080 }],
];

test.each(targets)('%s is the name of an address, both ways', (name, target) => {
  expect(encodeTarget(target)).toBe(name);
  expect(decodeTarget(name)).toEqual(target);
});

test('an address has one name, however it is written', () => {
  expect(encodeTarget({ kind: 'tcp', host: 'FD00::A', port: 1 })).toBe('[fd00::a]:1');
});

test.each([
  '',
  '.DS_Store',
  '10.4.0.7',
  '10.4.0.7:x',
  '999.4.0.7:80',
  'unix:../x:80',
  'unix:k3f9a2:8080.tmp',
  '[::1:80',
])('%j is the name of none', (name) => {
  expect(decodeTarget(name)).toBeNull();
});
