/** What an instance on Incus is given, and what happens when it is not as it should be. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RouteTarget } from '@tidepool/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstAddress } from '../../src/incus/bridge.ts';
import { instance, network } from '../../src/incus/client/replies.ts';
import { parseSubnet, type Subnet } from '../../src/incus/subnet.ts';
import { at, type IncusHarness, job, openIncusHarness, signal } from './incus-harness.ts';

let harness: IncusHarness;
const ended = new AbortController();
beforeAll(async () => {
  harness = await openIncusHarness();
  // As a worker does: sizes of disks hold only while somebody looks after them.
  harness.runtime.watch(() => undefined, ended.signal);
  // While what earlier tests deleted goes, the kernel may give up counting, and is some seconds late to hold a disk to its size.
  execFileSync('btrfs', ['subvolume', 'sync', mountOf(harness)], { timeout: 110_000 });
});
afterAll(async () => {
  ended.abort();
  await harness?.close();
});

const limit = { timeout: 60_000 };
const mountOf = ({ config: { place, pool } }: IncusHarness) =>
  `${place.kind === 'unix' ? dirname(place.socket) : ''}/storage-pools/${pool}`;
const read = async (id: string) => (await harness.client.read(harness.path(id), instance, signal)).value;
const asRoot = async (id: string, script: string) =>
  (await harness.run(id, ['sudo', '-n', 'sh', '-c', script])).out.trim();

test("the size is the kernel's word inside, and a new one comes with the next start; a disk does not shrink", async () => {
  const spec = await harness.started({ cpus: 1, memoryMiB: 512, diskGiB: 3 });
  const memory = 'grep MemTotal /proc/meminfo | tr -dc 0-9';
  expect(await asRoot(spec.id, 'nproc')).toBe('1');
  expect(Number(await asRoot(spec.id, memory))).toBe(512 * 1024);
  await harness.runtime.create({ ...spec, cpus: 2, memoryMiB: 768, diskGiB: 5 }, at(1));
  expect((await read(spec.id)).config['limits.memory']).toBe('512MiB');
  await harness.runtime.stop(spec.id, at(1));
  await harness.runtime.start({ ...spec, cpus: 2, memoryMiB: 768, diskGiB: 5 }, job(1));
  expect(await asRoot(spec.id, 'nproc')).toBe('2');
  expect(Number(await asRoot(spec.id, memory))).toBe(768 * 1024);
  expect((await read(spec.id)).devices.root?.size).toBe('5GiB');
  await harness.runtime.stop(spec.id, at(1));
  await harness.runtime.start({ ...spec, diskGiB: 4 }, job(1));
  expect((await read(spec.id)).devices.root?.size).toBe('5GiB');
});

test('the disk is as large as was asked for, and no larger', async () => {
  const spec = await harness.started({ diskGiB: 2 });
  const { code, err } = await harness.run(spec.id, ['dd', 'if=/dev/urandom', 'of=big', 'bs=1M', 'count=4096']);
  expect(code).not.toBe(0);
  expect(err).toMatch(/quota exceeded|no space left/i);
  await harness.runtime.stop(spec.id, at(1));
  await harness.runtime.start({ ...spec, diskGiB: 4 }, job(1));
  expect((await harness.run(spec.id, ['sh', '-c', 'echo room > file && cat file'])).out).toBe('room\n');
});

test('a count of what disks hold that the kernel gave up is taken up again', async () => {
  const { project } = harness.config;
  const mount = mountOf(harness);
  const btrfs = (...args: string[]) => execFileSync('btrfs', args, { encoding: 'utf8' }).trim();
  const isGivenUp = () =>
    /inconsistent/.test(spawnSync('btrfs', ['qgroup', 'show', mount], { encoding: 'utf8' }).stderr);
  const { id } = await harness.started();
  const [group, copy] = ['1/4711', `${mount}/copy-of-${id}`];
  btrfs('qgroup', 'create', group, mount);
  try {
    // Counted in a group in which what it is a copy of is not: more than the kernel counts.
    btrfs('subvolume', 'snapshot', '-i', group, `${mount}/containers/${project}_tp-${id}`, copy);
    expect(isGivenUp()).toBe(true);
    await expect.poll(isGivenUp, limit).toBe(false);
    btrfs('qgroup', 'remove', '--no-rescan', `0/${btrfs('inspect-internal', 'rootid', copy)}`, group, mount);
  } finally {
    btrfs('subvolume', 'delete', copy);
    btrfs('qgroup', 'destroy', group, mount);
  }
});

test('one whose disk is full to the last byte stops, starts with a little room to clear it, and goes', async () => {
  const spec = await harness.started({ diskGiB: 2 });
  // With ever smaller pieces, as root: what is kept for root is gone, too.
  const fill =
    'for size in 4M 64K 4K 1; do dd if=/dev/zero of=/fill.$size bs=$size; done 2>/dev/null; cp /bin/true /no';
  for (let again = 1; again <= 3; again += 1) {
    expect(await asRoot(spec.id, `${fill} 2>&1; true`)).toMatch(/quota exceeded|no space left/i);
    await harness.runtime.stop(spec.id, at(again));
    expect(await harness.runtime.inspect(spec.id, signal)).toMatchObject({ state: 'stopped', fence: again });
    await harness.runtime.start(spec, job(again));
  }
  await asRoot(spec.id, 'rm /fill.*; sync; echo room > /file');
  await harness.runtime.stop(spec.id, at(4));
  await harness.runtime.start(spec, job(4));
  expect(await asRoot(spec.id, `cat /file; ${fill} 2>&1; true`)).toContain('room');
  await harness.runtime.stop(spec.id, at(5));
  await harness.runtime.remove(spec.id, at(5));
  expect(await harness.runtime.inspect(spec.id, signal)).toBeNull();
});

test('its output is in the log of its workspace, over stops and starts, readable to who runs Tidepool', async () => {
  const spec = await harness.started();
  const log = `${spec.logDirectory}/instance.log`;
  const lines = () => readFileSync(log, 'utf8').match(/HTTP server listening/g)?.length ?? 0;
  await expect.poll(lines, limit).toBe(1);
  await harness.runtime.stop(spec.id, at(1));
  await harness.runtime.start(spec, job(1));
  await expect.poll(lines, limit).toBe(2);
  expect(readFileSync(log, 'utf8')).not.toContain('\r');
  expect(execFileSync('stat', ['-c', '%a', log], { encoding: 'utf8' }).trim()).toBe('640');
});

test('two that were given one address both run: the later one moves', async () => {
  const [one, other] = sharingAnAddress(await bridge());
  const [first, second] = [harness.spec({ id: one }), harness.spec({ id: other })];
  for (const spec of [first, second]) await harness.runtime.create(spec, at(1));
  const given = async (id: string) => (await read(id)).devices.eth0?.['ipv4.address'];
  expect(await given(one)).toBe(await given(other));
  const targets: RouteTarget[] = [];
  for (const spec of [first, second]) {
    await harness.runtime.start(spec, job(1));
    targets.push(...(await harness.runtime.expose(spec.id, [8080], at(1))));
  }
  expect(targets[0]).not.toEqual(targets[1]);
  await expect.poll(() => Promise.all(targets.map(harness.get)), limit).toEqual([302, 302]);
});

test('one that loses its address has none, and gets it back with the next start', async () => {
  const spec = await harness.started();
  await asRoot(spec.id, 'ip address flush dev eth0');
  await expect(harness.runtime.expose(spec.id, [8080], at(1))).rejects.toMatchObject({ code: 'instance_no_address' });
  await harness.runtime.stop(spec.id, at(1));
  await harness.runtime.start(spec, job(1));
  expect(await harness.runtime.expose(spec.id, [8080], at(1))).toHaveLength(1);
});

test("somebody else's instance of that name is foreign, and stays as it is", async () => {
  const { client, config } = harness;
  const spec = harness.spec();
  const json = { name: `tp-${spec.id}`, type: 'container', source: { type: 'none' } };
  await client.change({ method: 'POST', path: `/1.0/instances?project=${config.project}`, json }, signal);
  try {
    await expect(harness.runtime.create(spec, at(1))).rejects.toMatchObject({ code: 'instance_foreign' });
    await expect(harness.runtime.start(spec, job(1))).rejects.toMatchObject({ code: 'instance_not_found' });
    await harness.runtime.stop(spec.id, at(1));
    await harness.runtime.remove(spec.id, at(1));
    expect((await read(spec.id)).config['user.tidepool.fence']).toBeUndefined();
    expect(await harness.runtime.list(signal)).not.toContainEqual(expect.objectContaining({ id: spec.id }));
  } finally {
    await client.change({ method: 'DELETE', path: harness.path(spec.id) }, signal);
  }
});

test("two homes on one project do not see each other's instances", async () => {
  const other = await openIncusHarness();
  try {
    const spec = await harness.started();
    expect(await other.runtime.inspect(spec.id, signal)).toBeNull();
    expect(await other.runtime.list(signal)).toEqual([]);
    await other.runtime.stop(spec.id, at(9));
    expect(await harness.runtime.inspect(spec.id, signal)).toMatchObject({ state: 'running', fence: 1 });
  } finally {
    await other.close();
  }
});

test('a stop in order lets programs write their files', async () => {
  const spec = await harness.started();
  const program = 'trap "sleep 1; echo saved > saved; exit" TERM; echo > ready; while :; do sleep 0.1; done';
  await harness.run(spec.id, ['setsid', '--fork', 'sh', '-c', `exec </dev/null >/dev/null 2>&1; ${program}`]);
  await expect.poll(async () => (await harness.run(spec.id, ['ls'])).out, limit).toContain('ready');
  await harness.runtime.stop(spec.id, at(1));
  await harness.runtime.start(spec, job(1));
  expect((await harness.run(spec.id, ['cat', 'saved'])).out).toBe('saved\n');
});

test('one whose first program hears nothing is stopped by force within 10 s', async () => {
  const spec = await harness.started();
  await expect.poll(() => asRoot(spec.id, 'pgrep -fc editor.cjs'), limit).not.toBe('0');
  await asRoot(spec.id, 'kill -STOP $(pgrep -fo ^/opt/tidepool/bin/node)');
  const begun = performance.now();
  await harness.runtime.stop(spec.id, at(1));
  expect(performance.now() - begun).toBeLessThan(20_000);
  expect(await harness.runtime.inspect(spec.id, signal)).toMatchObject({ state: 'stopped' });
});

test('root inside is not root of the host, and no two share their ids', async () => {
  const [one, other] = [await harness.started(), await harness.started()];
  const base = async (id: string) => (await asRoot(id, 'cat /proc/self/uid_map')).split(/\s+/)[1];
  const bases = await Promise.all([base(one.id), base(other.id)]);
  expect(new Set(bases).size).toBe(2);
  for (const each of bases) expect(Number(each)).toBeGreaterThan(65_536);
});

async function bridge() {
  const { value } = await harness.client.read(`/1.0/networks/${harness.config.network}`, network, signal);
  return parseSubnet(value.config['ipv4.address'] ?? '') ?? expect.fail('the bridge has no address');
}

/** Two ids whose first choice is the same: a subnet has a thousand addresses. */
function sharingAnAddress(subnet: Subnet): [string, string] {
  const seen = new Map<string, string>();
  for (;;) {
    const id = crypto.randomUUID();
    const address = firstAddress(subnet, id);
    const other = seen.get(address);
    if (other !== undefined) return [other, id];
    seen.set(address, id);
  }
}
