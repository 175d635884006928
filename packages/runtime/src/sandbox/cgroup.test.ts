import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findCgroupBase, groupUsage, mostTasks, removeGroup, setLimits } from './cgroup.ts';

let mount: string;
beforeEach(() => {
  mount = mkdtempSync(join(tmpdir(), 'tp-cgroup-'));
});
afterEach(() => rmSync(mount, { recursive: true }));

/** A directory as the kernel shows a group. */
function group(path: string, controllers: string): void {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'cgroup.controllers'), `${controllers}\n`);
  writeFileSync(join(path, 'cgroup.subtree_control'), '\n');
  writeFileSync(join(path, 'cgroup.procs'), '');
}

test('root makes groups at the top, where the controllers are there', () => {
  group(mount, 'cpuset cpu io memory pids');
  expect(findCgroupBase({ mount, self: '0::/init.scope\n', isRoot: true })).toEqual({ base: mount });
});

test('an ordinary user makes groups beside its own, where that part is handed to it', () => {
  const slice = join(mount, 'user.slice/app.slice');
  group(slice, 'cpu memory pids');
  const self = '1:name=systemd:/x\n0::/user.slice/app.slice/terminal.scope\n';
  expect(findCgroupBase({ mount, self, isRoot: false })).toEqual({ base: slice });
});

test.each([
  ['1:memory:/\n', 'cpu memory', 'This system has no cgroup v2.'],
  ['0::/\n', 'hugetlb', /has no controller cpu and memory/],
  ['0::/\n', 'cpu pids', /has no controller memory/],
])('without it the reason is said: %j with %j', (self, controllers, reason) => {
  group(mount, controllers);
  expect(findCgroupBase({ mount, self, isRoot: true })).toEqual({ reason: expect.stringMatching(reason) });
});

test('where no v2 tree is mounted the reason is said', () => {
  const place = { mount: join(mount, 'none'), self: '0::/\n', isRoot: true };
  expect(findCgroupBase(place)).toEqual({ reason: expect.stringContaining('There is no cgroup v2 at') });
});

test('a tree without the file that takes processes is not ours to use', () => {
  group(mount, 'cpu memory');
  rmSync(join(mount, 'cgroup.procs'));
  expect(findCgroupBase({ mount, self: '0::/\n', isRoot: true })).toEqual({
    reason: expect.stringContaining("is not this user's"),
  });
});

test('limits are written in the units of the kernel, the controllers handed down on the way', () => {
  group(mount, 'cpu memory');
  group(join(mount, 'tidepool-home'), 'cpu memory');
  const processes = setLimits(mount, 'tidepool-home', 'one', { cpus: 2, memoryMiB: 512 });
  expect(processes).toBe(join(mount, 'tidepool-home/one/cgroup.procs'));
  expect(readFileSync(join(mount, 'tidepool-home/one/cpu.max'), 'utf8')).toBe('200000 100000');
  expect(readFileSync(join(mount, 'tidepool-home/one/memory.max'), 'utf8')).toBe(String(512 * 1024 * 1024));
  for (const directory of [mount, join(mount, 'tidepool-home')]) {
    expect(readFileSync(join(directory, 'cgroup.subtree_control'), 'utf8')).toBe('+cpu +memory');
  }
});

test('where processes can be limited too, they are', () => {
  group(mount, 'cpu memory pids');
  setLimits(mount, 'tidepool-home', 'one', { cpus: 2, memoryMiB: 512 });
  expect(readFileSync(join(mount, 'tidepool-home/one/pids.max'), 'utf8')).toBe(String(mostTasks));
  for (const directory of [mount, join(mount, 'tidepool-home')]) {
    expect(readFileSync(join(directory, 'cgroup.subtree_control'), 'utf8')).toBe('+cpu +memory +pids');
  }
});

test('where they cannot, the other limits hold without', () => {
  group(mount, 'cpu memory');
  setLimits(mount, 'tidepool-home', 'one', { cpus: 2, memoryMiB: 512 });
  expect(existsSync(join(mount, 'tidepool-home/one/pids.max'))).toBe(false);
});

test('what a group takes is read from its counters, and nothing where they are not there', () => {
  expect(groupUsage(mount)).toBeNull();
  writeFileSync(join(mount, 'cpu.stat'), 'usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n');
  writeFileSync(join(mount, 'memory.current'), `${300 * 2 ** 20}\n`);
  writeFileSync(join(mount, 'memory.stat'), `anon 1\nfile 2\nactive_file 5\ninactive_file ${100 * 2 ** 20}\n`);
  expect(groupUsage(mount)).toEqual({ cpuSeconds: 2.5, memoryMiB: 200 });
});

test('a group is removed, and one that is gone is removed', async () => {
  mkdirSync(join(mount, 'tidepool-home/one'), { recursive: true });
  await removeGroup(mount, 'tidepool-home', 'one');
  await removeGroup(mount, 'tidepool-home', 'one');
  expect(existsSync(join(mount, 'tidepool-home/one'))).toBe(false);
});
