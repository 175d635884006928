/** What goes wrong with Incus has a code of its own each, says what to do, and leaves nothing behind. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { parseConfig } from '@tidepool/core';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createIncusClient } from '../src/incus/client/incus-client.ts';
import { createIncusRuntime } from '../src/incus/incus-runtime.ts';
import { wantedDevices } from '../src/incus/surroundings/wanted.ts';
import { alias, type IncusDouble, openIncusDouble, server } from './incus-double.ts';

const signal = AbortSignal.timeout(600_000);
const at = (fence: number) => ({ fence, signal });
const job = (fence: number) => ({ ...at(fence), jobId: 'job-1' });
const refusal = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

let double: IncusDouble;
beforeEach(async () => {
  double = await openIncusDouble();
});
afterEach(() => double.close());

const changes = () => double.asked.filter(({ what }) => !what.startsWith('GET ')).map(({ what }) => what);

test('where no daemon ever was, Incus is missing', async () => {
  const directory = mkdtempSync('/tmp/tp-');
  await expect(runtimeAt(directory).describe(signal)).rejects.toEqual(refusal('runtime_missing', directory));
  rmSync(directory, { recursive: true });
});

test('a daemon that is away for a while is unavailable, which passes', async () => {
  const { directory } = double;
  const runtime = runtimeAt(directory);
  rmSync(`${directory}/unix.socket`);
  await expect(runtime.list(signal)).rejects.toMatchObject({ code: 'runtime_unavailable', passing: true });
});

test('a socket that nobody listens on is unavailable, which passes', async () => {
  const directory = mkdtempSync('/tmp/tp-');
  // A killed daemon leaves its socket: a child process does so here.
  const listen = `require('net').createServer().listen('${directory}/unix.socket', () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', listen]);
  await expect(runtimeAt(directory).list(signal)).rejects.toMatchObject({ code: 'runtime_unavailable', passing: true });
  rmSync(directory, { recursive: true });
});

test('a daemon that could not raise its bridge says so, and is waited for', async () => {
  const failure = 'Failed pre-start check for device "eth0": Network "tidepool0" unavailable on this server';
  const wanted = double.spec();
  const state = `PUT /1.0/instances/tp-${wanted.id}/state`;
  double.has(wanted.id, 'Stopped');
  double.on(state, { failure });
  const client = createIncusClient(double.config.place);
  await expect(client.change({ method: 'PUT', path: state.slice(4) }, signal)).rejects.toMatchObject({
    code: 'runtime_unavailable',
    message: expect.stringContaining('could not raise its bridge'),
    passing: true,
  });
  await client.close();
  let asked = 0;
  double.on(state, () => {
    asked += 1;
    return asked === 1 ? { failure } : { done: null };
  });
  await double.runtime.start(wanted, job(1));
  expect(asked).toBe(2);
});

test('what is not Incus at its address is said to be something else', async () => {
  double.on('GET /1.0', { text: '<html>hello</html>' });
  await expect(double.runtime.describe(signal)).rejects.toMatchObject({ code: 'runtime_unavailable', passing: false });
});

test('an answer in an unknown form is refused by name', async () => {
  double.on('GET /1.0/instances', { metadata: [{ name: 7 }] });
  await expect(double.runtime.list(signal)).rejects.toEqual(refusal('runtime_unavailable', '/1.0/instances'));
});

test('a client that Incus does not trust is forbidden', async () => {
  double.on('GET /1.0', { metadata: { auth: 'untrusted', api_extensions: [] } });
  await expect(double.runtime.describe(signal)).rejects.toEqual(refusal('runtime_forbidden', 'does not trust'));
  double.on('GET /1.0/instances', { error: 'not authorized', code: 403 });
  await expect(double.runtime.list(signal)).rejects.toEqual(refusal('runtime_forbidden'));
});

test('an Incus older than 6.0 is too old', async () => {
  double.on('GET /1.0', server('lxc', '0.7'));
  await expect(double.runtime.describe(signal)).rejects.toEqual(refusal('runtime_too_old', '0.7'));
  double.on('GET /1.0', server('lxc', '6.14'));
  expect((await double.runtime.describe(signal)).version).toBe('6.14');
});

test.each(['projects', 'networks', 'network-acls'])(
  'without ours among its %s Incus is not set up, and nothing is changed',
  async (part) => {
    const { project, network } = double.config;
    double.on(`GET /1.0/${part}/${part === 'projects' ? project : network}`, { error: 'not found', code: 404 });
    await expect(double.runtime.create(double.spec(), at(1))).rejects.toEqual(refusal('runtime_not_set_up'));
    const { findings } = await double.runtime.describe(signal);
    expect(findings).toContainEqual(expect.objectContaining({ id: 'incus.setup', status: 'failed' }));
    expect(changes()).toEqual([]);
  },
);

test('what the pool holds and has left is told, in MiB; nothing where Incus does not say', async () => {
  expect((await double.runtime.describe(signal)).storage).toBeNull();
  const { pool } = double.config;
  double.on(`GET /1.0/storage-pools/${pool}/resources`, {
    metadata: { space: { used: 3 * 2 ** 30, total: 5 * 2 ** 30 }, inodes: { used: 0, total: 0 } },
  });
  expect((await double.runtime.describe(signal)).storage).toEqual({ name: pool, totalMiB: 5120, freeMiB: 2048 });
});

test('an image that is not there is missing, and nothing is made', async () => {
  const wanted = double.spec({ image: 'workspace@ba9876543210' });
  await expect(double.runtime.create(wanted, at(1))).rejects.toEqual(refusal('image_missing', 'ba9876543210'));
  expect(changes()).toEqual([]);
});

test('a full pool is named, whether it is met in making or in starting', async () => {
  const failure = 'Failed creating instance from image: Failed to run: btrfs receive: No space left on device';
  double.on('POST /1.0/instances', { failure });
  await expect(double.runtime.create(double.spec(), at(1))).rejects.toEqual(refusal('pool_full', 'No space left'));
  const wanted = double.spec();
  double.has(wanted.id, 'Stopped');
  double.on(`PUT /1.0/instances/tp-${wanted.id}/state`, { failure: 'write backup.yaml: disk quota exceeded' });
  await expect(double.runtime.start(wanted, job(1))).rejects.toEqual(refusal('pool_full'));
});

test('a start that Incus refuses is a failure of the machine, in the words of Incus', async () => {
  const wanted = double.spec();
  double.has(wanted.id, 'Stopped');
  double.on(`PUT /1.0/instances/tp-${wanted.id}/state`, { failure: 'Failed to run: forkstart: exit status 1' });
  await expect(double.runtime.start(wanted, job(1))).rejects.toEqual(refusal('instance_failed', 'forkstart'));
});

test('why LXC gave up a start is said with it', async () => {
  const wanted = double.spec();
  double.has(wanted.id, 'Stopped');
  double.on(`PUT /1.0/instances/tp-${wanted.id}/state`, { failure: 'Failed to run: forkstart: exit status 1' });
  const place = 'lxc tp 20260102030405.678';
  const text = `${place} WARN     a - b.c:d:1 - odd\n${place} ERROR    conf - ../src/conf.c:x:3 - No such mount\n`;
  double.on(`GET /1.0/instances/tp-${wanted.id}/logs/lxc.log`, { text });
  await expect(double.runtime.start(wanted, job(1))).rejects.toEqual(refusal('instance_failed', 'No such mount'));
});

test('an instance of that name without our label is foreign: it is neither found, changed nor removed', async () => {
  const { id } = double.spec();
  double.has(id, 'Stopped', { 'user.tidepool.home': 'another' });
  await expect(double.runtime.create(double.spec({ id }), at(1))).rejects.toEqual(refusal('instance_foreign', id));
  expect(await double.runtime.inspect(id, signal)).toBeNull();
  await double.runtime.stop(id, at(2));
  await double.runtime.remove(id, at(2));
  expect(changes().filter((what) => what.includes('/instances'))).toEqual([]);
});

test('an instance that was renamed is neither taken for gone nor listed; the way back is said', async () => {
  const { id } = double.spec();
  double.hasRenamed(id, 'stolen');
  await expect(double.runtime.inspect(id, signal)).rejects.toMatchObject({
    code: 'instance_foreign',
    message: expect.stringContaining('"stolen"'),
    fix: expect.stringContaining(`incus rename stolen tp-${id}`),
  });
  expect(await double.runtime.list(signal)).toEqual([]);
});

test('one that has not taken its address has none', async () => {
  const { id } = double.spec();
  double.has(id, 'Running');
  const state = { status: 'Running', pid: 7, cpu: { usage: 0 }, memory: { usage: 0 }, disk: null };
  const network = { eth0: { addresses: [{ family: 'inet6', address: 'fe80::1' }] } };
  double.on(`GET /1.0/instances/tp-${id}/state`, { metadata: { ...state, network } });
  await expect(double.runtime.expose(id, [8080], at(1))).rejects.toEqual(refusal('instance_no_address', '10.77.250.7'));
});

test('virtual machines are insisted on only where they are possible', async () => {
  await double.close();
  double = await openIncusDouble({ TIDEPOOL_INCUS_TYPE: 'virtual-machine' });
  await expect(double.runtime.create(double.spec(), at(1))).rejects.toEqual(refusal('runtime_type_unavailable', 'KVM'));
  double.on('GET /1.0', server('lxc | qemu'));
  await expect(double.runtime.create(double.spec(), at(1))).rejects.toEqual(
    refusal('runtime_type_unavailable', 'image'),
  );
  expect(changes()).toEqual([]);
});

test.each([
  ['lxc', true, 'container', 'system-container'],
  ['lxc | qemu', false, 'container', 'system-container'],
  ['lxc | qemu', true, 'virtual-machine', 'virtual-machine'],
])(
  'on a server with %s, an image for machines being there: %s, it makes a %s',
  async (driver, hasImage, type, isolation) => {
    double.on('GET /1.0', server(driver));
    if (hasImage) {
      double.on('GET /1.0/images/aliases/workspace-vm/0123456789ab', alias('workspace-vm/0123456789ab'));
      const properties = { 'tidepool.built': '2026-01-01T00:00:00Z' };
      const record = { fingerprint: 'f', type: 'virtual-machine', size: 1, properties };
      double.on('GET /1.0/images', { metadata: [{ ...record, aliases: [{ name: 'workspace-vm/0123456789ab' }] }] });
    }
    const wanted = double.spec();
    double.on('POST /1.0/instances', () => {
      double.has(wanted.id, 'Stopped');
      return { done: null };
    });
    await double.runtime.create(wanted, at(1));
    expect(double.asked.find(({ what }) => what === 'POST /1.0/instances')?.body).toMatchObject({ type });
    expect((await double.runtime.describe(signal)).capabilities.isolation).toBe(isolation);
  },
);

test('what somebody put into the profile that opens a wall is taken out, and the rest of it stays', async () => {
  const devices = wantedDevices(double.config);
  const config = { 'user.team': 'web', 'security.privileged': 'true', 'raw.idmap': 'both 0 0' };
  const opened = { name: 'default', description: '', config, devices: { ...devices, lan: { type: 'nic' } } };
  double.on('GET /1.0/profiles/default', { metadata: opened });
  double.on('PUT /1.0/profiles/default', { metadata: {} });
  await double.runtime.describe(signal);
  expect(double.asked.find(({ what }) => what === 'PUT /1.0/profiles/default')?.body).toEqual({
    ...opened,
    config: { 'user.team': 'web' },
    devices,
  });
});

function runtimeAt(directory: string) {
  const around = { cwd: '/', homeDirectory: directory, isRoot: false, totalMemoryMiB: 4096 };
  const { incus: config } = parseConfig({ INCUS_DIR: directory }, around);
  return createIncusRuntime({ config, home: directory, images: directory, log: pino({ level: 'silent' }) });
}
