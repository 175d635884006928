import { expect, test } from 'vitest';
import { isBridgeRange } from './bridge-range.ts';

test.each([
  '10.0.0.0/8',
  '10.77.0.1/22',
  '172.16.0.1/12',
  '172.31.255.0/28',
  '192.168.0.0/16',
  '100.64.0.1/10',
  '100.127.255.1/24',
])('a bridge may have %s', (text) => {
  expect(isBridgeRange(text)).toBe(true);
});

test.each([
  '224.0.0.1/24',
  '8.8.8.8/8',
  '127.0.0.1/8',
  '169.254.1.1/24',
  '0.0.0.0/8',
  '172.32.0.0/16',
  '172.16.0.0/11',
  '192.169.0.0/16',
  '100.128.0.0/24',
  '10.0.0.0/7',
  '10.0.0.0/29',
  '10.0.0.256/24',
  '10.0.0.1',
  'fd00::/64',
])('no bridge gets %s', (text) => {
  expect(isBridgeRange(text)).toBe(false);
});
