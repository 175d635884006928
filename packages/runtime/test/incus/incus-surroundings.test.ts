/** What stands around instances in Incus and on the host: an edit that opens the wall is put back, a conflict is said. */
import { execFileSync } from 'node:child_process';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { instance, network, profile } from '../../src/incus/client/replies.ts';
import { createIncusRuntime } from '../../src/incus/incus-runtime.ts';
import { hostWallTable, incusParts } from '../../src/incus/index.ts';
import { readHostNetworks } from '../../src/sandbox/host-networks.ts';
import { at, type IncusHarness, openIncusHarness, signal } from './incus-harness.ts';

let harness: IncusHarness;
const watching = new AbortController();
beforeAll(async () => {
  harness = await openIncusHarness();
  harness.runtime.watch(() => {}, watching.signal);
});
afterAll(async () => {
  watching.abort();
  await harness?.close();
});

const allRight = async () => {
  const networks = await readHostNetworks(signal);
  const parts = incusParts(harness.client, { config: harness.config, subnet: null, networks });
  return (await Promise.all(parts.map((part) => part.look(signal)))).every(({ kind }) => kind === 'right');
};
const wall = () => {
  try {
    return execFileSync('/usr/sbin/nft', ['list', 'table', 'inet', hostWallTable(harness.config.network)], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch {
    return '';
  }
};
const limit = { timeout: 30_000 };

test('rules, bridge and profile that somebody opened are put right by themselves', async () => {
  const { client, config } = harness;
  await expect.poll(allRight, limit).toBe(true);
  await edit('PATCH', `/1.0/networks/${config.network}`, { config: { 'security.acls': '', 'ipv4.nat': 'false' } });
  const egress = [{ action: 'allow', state: 'enabled' }];
  const open = { description: '', config: { 'user.tidepool': 'true' }, egress, ingress: [] };
  await edit('PUT', `/1.0/network-acls/${config.network}`, open);
  const path = `/1.0/profiles/default?project=${config.project}`;
  const { value } = await client.read(path, profile, signal);
  const eth0 = { ...value.devices.eth0, 'security.port_isolation': 'false' };
  await edit('PUT', path, { ...value, devices: { ...value.devices, eth0 } });
  const opened = { 'security.privileged': 'true', 'security.nesting': 'true', 'raw.idmap': 'both 0 0' };
  await edit('PUT', path, { ...value, config: { ...value.config, ...opened } });
});

test('one that somebody has run as root of the host starts as nobody on it again, with its files', async () => {
  const { client, path, run, runtime } = harness;
  const spec = await harness.started();
  await run(spec.id, ['sh', '-c', 'echo kept > kept']);
  await runtime.stop(spec.id, at(1));
  const config = { 'security.privileged': 'true', 'security.idmap.isolated': 'false' };
  await client.change({ method: 'PATCH', path: path(spec.id), json: { config } }, signal);
  const start = { method: 'PUT', path: path(spec.id, '/state'), json: { action: 'start' } } as const;
  await client.change(start, signal);
  await runtime.stop(spec.id, at(1));
  const raw = { 'raw.idmap': 'both 1000 1000' };
  await client.change({ method: 'PATCH', path: path(spec.id), json: { config: raw } }, signal);
  await runtime.start(spec, { ...at(1), jobId: 'job-2' });
  const { out } = await run(spec.id, ['sh', '-c', 'cat kept; cat /proc/self/uid_map; stat -c %U kept']);
  const [kept, map = '', owner] = out.split('\n');
  expect([kept, owner]).toEqual(['kept', 'dev']);
  expect(Number(map.trim().split(/\s+/)[1])).toBeGreaterThan(65_536);
});

/** Incus applies a change for a while after it shows it, and refuses another one meanwhile. */
async function edit(method: 'PATCH' | 'PUT', path: string, json: unknown): Promise<void> {
  const attempt = () =>
    harness.client.change({ method, path, json }, signal).then(
      () => 'edited',
      (error: Error) => error.message,
    );
  await expect.poll(attempt, limit).toBe('edited');
  await expect.poll(allRight, limit).toBe(true);
}

test('the wall on the host stands before an instance runs, and again after somebody flushed it', async () => {
  const table = hostWallTable(harness.config.network);
  execFileSync('/usr/sbin/nft', ['-f', '-'], { input: `table inet ${table}\ndelete table inet ${table}\n` });
  const spec = harness.spec();
  // Another worker's first start finds that it is not there.
  const runtime = harness.open();
  await runtime.create(spec, at(1));
  await runtime.remove(spec.id, at(1));
  expect(wall()).toContain('skuid');
  execFileSync('/usr/sbin/nft', ['delete', 'table', 'inet', table]);
  await harness.runtime.list(signal);
  await expect.poll(wall, limit).toContain('skuid');
});

test('a range of the bridge that the host has elsewhere is a conflict, and nothing is made', async () => {
  const subnet = execFileSync('ip', ['-4', '-br', 'address', 'show', harness.config.network], { encoding: 'utf8' });
  const address = /(\d+\.\d+\.\d+)\.\d+\/\d+/.exec(subnet)?.[1];
  execFileSync('ip', ['link', 'add', 'tp-conflict', 'type', 'bridge']);
  try {
    execFileSync('ip', ['address', 'add', `${address}.250/28`, 'dev', 'tp-conflict']);
    const spec = harness.spec();
    await expect(harness.open().create(spec, at(1))).rejects.toMatchObject({ code: 'network_conflict' });
    expect(await harness.runtime.inspect(spec.id, signal)).toBeNull();
    const { findings } = await harness.runtime.describe(signal);
    expect(findings).toContainEqual(expect.objectContaining({ id: 'incus.setup', status: 'failed' }));
  } finally {
    execFileSync('ip', ['link', 'delete', 'tp-conflict']);
  }
});

test('a bridge that is given another range takes its workspaces along, running or not', async () => {
  const { config, path, runtime } = harness;
  const [running, stopped] = [await harness.started(), harness.spec()];
  await runtime.create(stopped, at(1));
  const bridge = `/1.0/networks/${config.network}`;
  const before = (await harness.client.read(bridge, network, signal)).value.config['ipv4.address'] ?? '';
  const move = (address: string) => edit('PATCH', bridge, { config: { 'ipv4.address': address } });
  await move('10.213.7.1/24');
  try {
    await runtime.stop(running.id, at(2));
    for (const spec of [running, stopped]) {
      await runtime.create(spec, at(3));
      await runtime.start(spec, { ...at(3), jobId: 'job-2' });
      const [target] = await runtime.expose(spec.id, [8080], at(3));
      expect(target).toMatchObject({ host: expect.stringMatching(/^10\.213\.7\./) });
      await expect.poll(async () => target && harness.get(target), limit).toBe(302);
    }
    expect(wall()).toContain('ip daddr 10.213.7.1');
  } finally {
    await move(before);
  }
  // What still has an address of the old range can be removed all the same.
  for (const { id } of [running, stopped]) {
    await runtime.stop(id, at(4));
    await runtime.remove(id, at(4));
    expect(await harness.client.find(path(id), instance, signal)).toBeNull();
  }
});

test('a pool that is full is said, and nothing is left of what did not fit', async () => {
  const { client, config, directory, runtime } = harness;
  // From here on the profile names another pool.
  watching.abort();
  const small = { ...config, pool: 'tp-full' };
  const json = { name: small.pool, driver: 'btrfs', config: { size: '160MiB' } };
  await client.change({ method: 'POST', path: '/1.0/storage-pools', json }, signal);
  const log = pino({ level: 'silent' });
  const cramped = createIncusRuntime({ config: small, home: directory, images: directory, log });
  const spec = harness.spec();
  try {
    await expect(cramped.create(spec, at(1))).rejects.toMatchObject({ code: 'pool_full' });
    expect(await runtime.inspect(spec.id, signal)).toBeNull();
  } finally {
    await harness.open().create(spec, at(2));
    await runtime.remove(spec.id, at(2));
    await client.change({ method: 'DELETE', path: `/1.0/storage-pools/${small.pool}` }, signal);
  }
  expect(await allRight()).toBe(true);
});
