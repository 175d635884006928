import { expect, test } from 'vitest';
import { hostNetworks } from './host-networks.ts';

const link = (...addresses: [family: string, local: string, prefixlen: number][]) => ({
  addr_info: addresses.map(([family, local, prefixlen]) => ({ family, local, prefixlen })),
});

test('each address of the host is closed, and the network it is in', () => {
  const interfaces = [link(['inet', '192.0.2.2', 24], ['inet6', '2001:db8::2', 64]), link()];
  expect(hostNetworks(interfaces, [], [])).toEqual({
    online: false,
    v4: ['192.0.2.2', '192.0.2.2/24'],
    v6: ['2001:db8::2', '2001:db8::2/64'],
  });
});

test('of a point-to-point link both ends are closed', () => {
  const pointToPoint = [
    { addr_info: [{ family: 'inet', local: '192.0.2.9', address: '198.51.100.1', prefixlen: 32 }] },
  ];
  expect(hostNetworks(pointToPoint, [], []).v4).toEqual(['192.0.2.9', '198.51.100.1/32']);
});

test('networks reached without a gateway are closed; what goes through one is the internet', () => {
  const routes = [
    { dst: 'default', gateway: '192.0.2.1' },
    { dst: 'default' },
    { dst: '198.51.100.0/24' },
    { dst: '203.0.113.7' },
    { dst: '233.252.0.0/24', gateway: '192.0.2.1' },
    { dst: '100.100.0.0/16', via: { family: 'inet6', host: 'fe80::1' } },
    { dst: '192.0.2.255', type: 'broadcast' },
  ];
  expect(hostNetworks([], routes, []).v4).toEqual(['198.51.100.0/24', '203.0.113.7']);
});

test('a route of half the internet into a tunnel is a default route, not a network', () => {
  const halves4 = [{ dst: '0.0.0.0/1' }, { dst: '128.0.0.0/1' }];
  const halves6 = [{ dst: '::/1' }, { dst: '8000::/1' }, { dst: '2001:db8::/64' }];
  expect(hostNetworks([], halves4, halves6)).toMatchObject({ v4: [], v6: ['2001:db8::/64'] });
});

test('a host has a way out by a default route that leads somewhere', () => {
  expect(hostNetworks([], [{ dst: 'default', gateway: '192.0.2.1' }], []).online).toBe(true);
  expect(hostNetworks([], [], [{ dst: 'default' }]).online).toBe(true);
  expect(hostNetworks([], [{ dst: '192.0.2.0/24' }], [{ dst: 'default', type: 'unreachable' }]).online).toBe(false);
});
