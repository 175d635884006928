import { formatIpv4Range, type Ipv4Range, parseIpv4Range } from '@tidepool/core';
import { expect, test } from 'vitest';
import { conflicts, freeRange, gatewayOf } from './subnet.ts';

function range(text: string): Ipv4Range {
  const parsed = parseIpv4Range(text);
  if (parsed === null) throw new Error(`no range: ${text}`);
  return parsed;
}

const free = (preferred: string, ...taken: string[]) => {
  const found = freeRange(range(preferred), taken.map(range));
  return found && formatIpv4Range(found);
};

test('the bridge takes the address after the first of its range', () => {
  expect(gatewayOf(range('10.77.0.0/22'))).toBe('10.77.0.1/22');
  expect(gatewayOf(range('192.168.255.0/24'))).toBe('192.168.255.1/24');
});

test.each([
  [[], '10.77.0.0/22'],
  [['192.0.2.0/24'], '10.77.0.0/22'],
  [['10.77.2.5'], '10.78.0.0/22'],
  [['10.76.0.0/15', '10.78.0.0/24'], '10.79.0.0/22'],
  [['10.0.0.0/8'], '172.25.0.0/22'],
  [['10.0.0.0/8', '172.16.0.0/12'], '192.168.96.0/22'],
  [['0.0.0.0/1', '128.0.0.0/1'], '10.77.0.0/22'],
])('beside %j the bridge gets %s', (taken, expected) => {
  expect(free('10.77.0.1/22', ...taken)).toBe(expected);
});

test('where every private range is taken there is none', () => {
  expect(free('10.77.0.1/22', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16')).toBeNull();
});

test('what is met is named', () => {
  const taken = ['10.77.1.0/24', '10.99.0.0/16', '10.77.0.0/16'].map(range);
  expect(conflicts(range('10.77.0.1/22'), taken).map(formatIpv4Range)).toEqual(['10.77.1.0/24', '10.77.0.0/16']);
});
