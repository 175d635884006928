import { expect, test } from 'vitest';
import { openings, wantedRules } from './wanted.ts';

function rejected(...v4: string[]): string[] {
  const { egress } = wantedRules(['10.77.0.1'], { v4, v6: [], online: true });
  return egress[0]?.destination.split(',') ?? [];
}

test('a public network of the host is closed', () => {
  expect(rejected('198.51.100.7', '198.51.100.0/24')).toEqual([...rejected(), '198.51.100.7', '198.51.100.0/24']);
});

test('joining a private network leaves the rules as they are', () => {
  expect(rejected('10.77.0.1', '10.77.0.0/22', '172.17.0.0/16', '192.168.1.5', '169.254.3.0/30')).toEqual(rejected());
});

test('a network that is only in part closed anyway is closed as a whole', () => {
  expect(rejected('192.168.0.0/15', '172.0.0.0/8')).toEqual([...rejected(), '192.168.0.0/15', '172.0.0.0/8']);
});

test('the profile may say what runs inside and how much it gets, and nothing about its walls', () => {
  const config = { 'user.team': 'web', 'environment.HTTP_PROXY': 'http://proxy', 'limits.memory.swap': 'false' };
  const closed = { 'security.privileged': 'true', 'raw.idmap': 'both 0 0', 'linux.kernel_modules': 'nbd' };
  const devices = { root: { type: 'disk' }, eth0: { type: 'nic' }, data: { type: 'disk' }, lan: { type: 'nic' } };
  expect(openings({ config: { ...config, ...closed }, devices })).toEqual({
    keys: Object.keys(closed),
    cards: ['lan'],
  });
});
