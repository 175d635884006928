import { expect, test } from 'vitest';
import { formatIpv4, formatIpv4Range, parseIpv4, parseIpv4Range, rangeContains, rangesOverlap } from './ipv4.ts';

const range = (text: string) => parseIpv4Range(text) ?? expect.fail(`no range: ${text}`);

test.each(['10.0.0', '10.0.0.256', '10.0.0.0/33', '10.0.0.0/', '/8', 'fd00::/8', '', 'none', '10.0.0.1/22 '])(
  '%j is no range',
  (text) => {
    expect(parseIpv4Range(text)).toBeNull();
  },
);

test('a range is written from its first address, and knows its ends', () => {
  expect(formatIpv4Range(range('10.77.3.9/22'))).toBe('10.77.0.0/22');
  expect(formatIpv4(range('10.77.3.9/22').last)).toBe('10.77.3.255');
  expect(formatIpv4Range(range('192.0.2.9'))).toBe('192.0.2.9/32');
  expect(formatIpv4Range(range('255.255.255.255/0'))).toBe('0.0.0.0/0');
});

test('an address is read as it is written', () => {
  expect(formatIpv4(parseIpv4('198.51.100.7') ?? 0)).toBe('198.51.100.7');
  expect(parseIpv4('198.51.100.7/24')).toBeNull();
});

test.each([
  ['10.77.0.1/22', '10.77.3.128/25', true, true],
  ['10.77.0.1/22', '10.0.0.0/8', true, false],
  ['10.77.0.1/22', '10.77.4.0/24', false, false],
  ['10.77.0.1/22', '10.77.1.1', true, true],
  ['0.0.0.0/0', '255.255.255.255', true, true],
])('%s and %s overlap: %s; the first contains the second: %s', (one, other, meets, holds) => {
  expect(rangesOverlap(range(one), range(other))).toBe(meets);
  expect(rangeContains(range(one), range(other))).toBe(holds);
});
