import { expect, test } from 'vitest';
import { addressAt, parseSubnet, roomOf } from './subnet.ts';

test.each(['none', 'auto', '', '10.77.0.256/22'])('%j is no subnet', (text) => {
  expect(parseSubnet(text)).toBeNull();
});

test("every address but the network's, the broadcast's and the gateway's is given, each once", () => {
  const subnet = parseSubnet('192.0.2.5/28') ?? expect.fail('no subnet');
  const given = Array.from({ length: roomOf(subnet) }, (_, index) => addressAt(subnet, index));
  expect(new Set(given).size).toBe(13);
  for (const taken of ['192.0.2.0', '192.0.2.5', '192.0.2.15']) expect(given).not.toContain(taken);
  expect(addressAt(subnet, 13)).toBe(given[0]);
});
