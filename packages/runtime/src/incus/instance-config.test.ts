import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncusConfig, parseConfig } from '@tidepool/core';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import type { IncusInstance } from './client/replies.ts';
import { openIncusHome } from './incus-home.ts';
import { startAmendment } from './instance-config.ts';
import { parseSubnet } from './subnet.ts';

const images = mkdtempSync('/tmp/tp-');
afterEach(() => rmSync(`${images}/workspace-abc123`, { recursive: true, force: true }));

const around = { cwd: '/', homeDirectory: images, isRoot: false, totalMemoryMiB: 4096 };
const config = parseConfig({}, around).incus;
const subnet = parseSubnet('10.77.0.1/22') ?? expect.fail('no subnet');
const sizes = { cpus: 2, memoryMiB: 1024, diskGiB: 20 };
const spec = { id: 'one', name: 'web-app', image: 'workspace@abc123', ...sizes, logDirectory: '/srv/.logs/web-app' };

function amendment(found: Partial<IncusInstance> = {}, place: IncusConfig['place'] = config.place, extraMiB = 0) {
  const whole = { name: 'tp-one', type: 'container', status: 'Stopped', config: {}, devices: {}, expanded_devices: {} };
  const home = openIncusHome({ config: { ...config, place }, home: images, images, log: pino({ level: 'silent' }) });
  return startAmendment(home, { ...whole, ...found }, spec, {
    jobId: 'job-1',
    address: '10.77.0.9',
    subnet,
    extraMiB,
  });
}

test('a container gets address, console file and environment from outside, and keeps the walls of its card', () => {
  const { config: given = {}, devices = {} } = amendment();
  expect(given['raw.lxc']?.split('\n')).toEqual([
    'lxc.net.0.ipv4.address = 10.77.0.9/22',
    'lxc.net.0.ipv4.gateway = 10.77.0.1',
    'lxc.console.logfile = /srv/.logs/web-app/instance.log',
    expect.stringMatching(/^lxc.console.size = \d+$/),
  ]);
  expect(given['environment.TIDEPOOL_WORKSPACE']).toBe('web-app');
  expect(given['environment.TIDEPOOL_EDITOR']).toContain('--bind-addr 127.0.0.1:8080');
  expect(given).toMatchObject({ 'limits.cpu': '2', 'limits.memory': '1024MiB', 'security.guestapi': 'false' });
  const walls = ['security.port_isolation', 'security.mac_filtering', 'security.ipv4_filtering'];
  for (const wall of walls) expect(devices.eth0?.[wall]).toBe('true');
});

test("a container's wall stands in its own configuration, so that no profile opens it", () => {
  expect(amendment().config).toMatchObject({
    'security.privileged': 'false',
    'security.nesting': 'false',
    'security.syscalls.deny_default': 'true',
    'security.idmap.isolated': 'true',
  });
});

test("a virtual machine gets nothing of a container's", () => {
  const { config: given = {}, devices = {} } = amendment({ type: 'virtual-machine' });
  expect(given).not.toHaveProperty(['raw.lxc']);
  expect(Object.keys(given).filter((key) => key.startsWith('security.'))).toEqual([]);
  expect(given['user.tidepool.environment']).toContain('TIDEPOOL_WORKSPACE=web-app\n');
  expect(devices).not.toHaveProperty('tree');
});

test("the host's copy of the image's tree is shared where it is the same version and the daemon is here", () => {
  const found = { config: { 'image.tidepool.tree': 'abc123' } };
  expect(amendment(found).devices?.tree).toEqual({ type: 'none' });
  mkdirSync(`${images}/workspace-abc123`);
  writeFileSync(`${images}/workspace-abc123/manifest.json`, '{}');
  const source = `${images}/workspace-abc123`;
  expect(amendment(found).devices?.tree).toMatchObject({ source, path: '/opt/tidepool', readonly: 'true' });
  expect(amendment({ config: { 'image.tidepool.tree': '../abc123' } }).devices?.tree).toEqual({ type: 'none' });
});

test('a disk grows and never shrinks', () => {
  expect(amendment({ devices: { root: { size: '10GiB' } } }).devices?.root?.size).toBe('20GiB');
  expect(amendment({ devices: { root: { size: '30GiB' } } }).devices?.root?.size).toBe('30GiB');
});

test.each([
  [undefined, 0, '20GiB'],
  ['5GiB', 0, '20GiB'],
  ['30GiB', 0, '30GiB'],
  ['20GiB', 16, '20496MiB'],
  ['20496MiB', 0, '20496MiB'],
  ['20496MiB', 16, '20512MiB'],
])('a disk of %s is given %i MiB more and is then %s', (size, extra, expected) => {
  const root = { type: 'disk', ...(size === undefined ? {} : { size }) };
  expect(amendment({ devices: { root } }, config.place, extra).devices?.root?.size).toBe(expected);
});
