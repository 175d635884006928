import { expect, test } from 'vitest';
import { addressAt, overlap, parseSubnet } from './ipv4.ts';

test('a subnet knows its network, its ends and its gateway', () => {
  expect(parseSubnet('10.77.2.1/22')).toMatchObject({ gateway: '10.77.2.1', network: '10.77.0.0', prefix: 22 });
  expect(parseSubnet('192.0.2.9')).toMatchObject({ network: '192.0.2.9', prefix: 32 });
});

test("every address but the network's, the broadcast's and the gateway's is given, each once", () => {
  const subnet = parseSubnet('192.0.2.5/28');
  const given = Array.from({ length: 13 }, (_, index) => addressAt(subnet, index));
  expect(new Set(given).size).toBe(13);
  for (const taken of ['192.0.2.0', '192.0.2.5', '192.0.2.15']) expect(given).not.toContain(taken);
  expect(addressAt(subnet, 13)).toBe(given[0]);
});

test.each([
  ['10.77.0.1/22', '10.77.3.128/25', true],
  ['10.77.0.1/22', '10.0.0.0/8', true],
  ['10.77.0.1/22', '10.77.4.0/24', false],
  ['10.77.0.1/22', '10.77.1.1', true],
])('%s and %s overlap: %s', (one, other, wanted) => {
  expect(overlap(parseSubnet(one), parseSubnet(other))).toBe(wanted);
});
