/**
 * The way into a group with limits, with real sandboxes and a stand-in for the cgroup tree: plain files, as this is what
 * machines without cgroup v2 can show. What the kernel makes of the files is not shown here.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { liveRun } from '../src/sandbox/run-record.ts';
import { at, job, openSandboxHarness, type SandboxHarness, signal } from './sandbox-harness.ts';

let harness: SandboxHarness;
beforeAll(async () => {
  harness = await openSandboxHarness();
});
afterAll(() => harness?.close());

test('a run is in its group before anything else of it runs, as the sandbox user, and a new size holds at the next start', async () => {
  const mount = join(harness.directory, 'cgroup');
  mkdirSync(mount);
  writeFileSync(join(mount, 'cgroup.controllers'), 'cpu memory pids\n');
  writeFileSync(join(mount, 'cgroup.procs'), '');
  const runtime = harness.open({ cgroup: { mount, self: '0::/\n', isRoot: true } });
  const { capabilities, findings } = await runtime.describe(signal);
  expect(capabilities.limits).toBe(true);
  const place = findings
    .find(({ id }) => id === 'sandbox.limits')
    ?.detail.match(/Enforced by cgroup v2 in (.*)\.$/)?.[1];
  if (!place) throw new Error('it says where');

  const spec = harness.spec({ cpus: 2, memoryMiB: 1024 });
  const group = (file: string) => join(place, spec.id, file);
  await runtime.create(spec, at(1));
  await runtime.start(spec, job(1));
  const run = liveRun(join(harness.sandboxes, spec.id, 'state'), harness.uid);
  expect(Number(readFileSync(group('cgroup.procs'), 'utf8'))).toBe(run?.pasta);
  expect(readFileSync(group('memory.max'), 'utf8')).toBe(String(1024 * 2 ** 20));

  await runtime.stop(spec.id, at(1));
  const smaller = { ...spec, cpus: 1, memoryMiB: 512 };
  await runtime.create(smaller, at(2));
  await runtime.start(smaller, job(2));
  expect(readFileSync(group('cpu.max'), 'utf8')).toBe('100000 100000');
  expect(readFileSync(group('memory.max'), 'utf8')).toBe(String(512 * 2 ** 20));

  await runtime.stop(spec.id, at(3));
  // The kernel's groups are removed with their files in them; plain directories are not.
  for (const file of ['cgroup.procs', 'cpu.max', 'memory.max', 'pids.max']) rmSync(group(file));
  await runtime.remove(spec.id, at(3));
  expect(await runtime.inspect(spec.id, signal)).toBeNull();
});
