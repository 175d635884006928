/** What the Tart runtime says and does when Tart, the system or a guest lacks something or fails. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { matrixDisagreements } from '@tidepool/core';
import { expect, test } from 'vitest';
import type { Runtime } from '../src/runtime.ts';
import { useTart } from './tart-bench.ts';
import { addMachine, runner } from './tart-double/machines.ts';
import { at, job, refusal, signal } from './tart-harness.ts';

const tart = useTart();
const run = (id: string, ...command: string[]) => tart.harness.run(tart.runtime, id, command);

test('it says of itself what the matrix says', async () => {
  const { kind, capabilities } = await tart.runtime.describe(signal);
  expect(matrixDisagreements(kind, capabilities)).toEqual([]);
});

test('without Tart everything says so, and so does the doctor', async () => {
  const lacking = tart.harness.open({ program: join(tart.harness.directory, 'no-tart') });
  await expect(lacking.list(signal)).rejects.toEqual(refusal('runtime_missing'));
  await expect(lacking.create(tart.harness.spec(), at(1))).rejects.toEqual(refusal('runtime_missing'));
  const { version, findings } = await lacking.describe(signal);
  expect(version).toBe('not installed');
  expect(findings).toContainEqual(expect.objectContaining({ id: 'tart.program', status: 'failed' }));
});

test('a home with a colon in its path is refused, because Tart could not share it', () => {
  expect(() => tart.harness.open({ directory: '/tmp/a:b' })).toThrow(refusal('invalid_config'));
});

test('the newest image is current, unless one is named', async () => {
  const { tartHome } = tart.harness.options;
  addMachine(tartHome ?? '', 'tidepool-image-workspace-10');
  const current = async (adapter: Runtime) =>
    (await adapter.images(signal)).filter((image) => image.current).map(({ name, version }) => `${name}@${version}`);
  expect(await current(tart.runtime)).toEqual(['workspace@10']);
  expect(await current(tart.harness.open({ image: 'tidepool-image-workspace-7' }))).toEqual(['workspace@7']);
  expect(await current(tart.harness.open({ image: 'tidepool-image-workspace-8' }))).toEqual([]);
  rmSync(tart.harness.machines('workspace-10')[0]?.directory ?? '', { recursive: true });
});

test('a start gives the machine its size, and its disk never becomes smaller', async () => {
  const spec = await tart.harness.started(tart.runtime, { cpus: 3, memoryMiB: 2048, diskGiB: 20 });
  const size = () => tart.harness.machines(spec.id)[0]?.readConfig();
  expect(size()).toEqual({ cpus: 3, memoryMiB: 2048, diskGB: 22 });
  await tart.runtime.stop(spec.id, at(1));
  await tart.runtime.start({ ...spec, cpus: 1, diskGiB: 10 }, job(1));
  expect(size()).toEqual({ cpus: 1, memoryMiB: 2048, diskGB: 22 });
});

test('more machines than the system allows are refused with its own words', async () => {
  const first = await tart.harness.started(tart.runtime);
  tart.harness.steer({ limit: 1 });
  const second = tart.harness.spec();
  await tart.runtime.create(second, at(1));
  // Tart calls it running before the system refuses it, so either of the two may be told.
  const coming = tart.runtime.start(second, job(1)).then(() => tart.runtime.expose(second.id, [8080], at(1)));
  await expect(coming).rejects.toEqual(refusal('vm_limit'));
  expect(await tart.runtime.inspect(second.id, signal)).toMatchObject({ state: 'stopped' });
  await tart.runtime.stop(first.id, at(1));
  await tart.runtime.start(second, job(1));
  expect(await tart.runtime.expose(second.id, [8080], at(1))).toHaveLength(1);
});

test('a guest whose DHCP hides its MAC address is found by its agent', async () => {
  tart.harness.steer({ leaseDelayMs: null });
  const patient = tart.harness.open({ limits: { dhcpAlone: 500 } });
  const { id } = await tart.harness.started(patient);
  const [target] = await patient.expose(id, [8080], at(1));
  expect(target).toMatchObject({ kind: 'tcp', host: tart.harness.machines(id)[0]?.address });
});

test('a guest that gets no address is told of, and stops as ever', async () => {
  tart.harness.steer({ leaseDelayMs: null, agentDelayMs: 600_000 });
  const hasty = tart.harness.open({ limits: { address: 1_000, dhcpAlone: 500 } });
  const { id } = await tart.harness.started(hasty);
  await expect(hasty.expose(id, [8080], at(1))).rejects.toEqual(refusal('instance_no_address'));
  await hasty.stop(id, at(1));
  expect(await hasty.inspect(id, signal)).toMatchObject({ state: 'stopped' });
});

test('what Tart says of a start that fails is in the error and in the log', async () => {
  const words = 'Error: InitializationFailed(why: "softnet not found in PATH")';
  tart.harness.steer({ failures: { run: { words, status: 1 } } });
  const spec = tart.harness.spec();
  await tart.runtime.create(spec, at(1));
  const failure = { code: 'instance_failed', fix: expect.stringContaining('Softnet') };
  await expect(tart.runtime.start(spec, job(1))).rejects.toMatchObject(failure);
  expect(readFileSync(join(spec.logDirectory, 'instance.log'), 'utf8')).toContain(words);
  tart.harness.steer({});
  await tart.runtime.start(spec, job(1));
  expect(await tart.runtime.inspect(spec.id, signal)).toMatchObject({ state: 'running' });
});

test('a disk that is full while it is copied leaves nothing', async () => {
  const words = 'The file “disk.img” couldn’t be copied because there isn’t enough space.';
  tart.harness.steer({ failures: { clone: { words, status: 1 } } });
  const spec = tart.harness.spec();
  await expect(tart.runtime.create(spec, at(1))).rejects.toEqual(refusal('disk_full'));
  expect(tart.harness.machines(spec.id)).toEqual([]);
  expect(await tart.runtime.inspect(spec.id, signal)).toBeNull();
});

test('a command waits for the agent of a machine that has just booted', async () => {
  tart.harness.steer({ agentDelayMs: 3_000 });
  const { id } = await tart.harness.started(tart.runtime);
  expect(await run(id, 'echo', 'there')).toMatchObject({ code: 0, out: 'there\n' });
});

test('an agent that never answers is told of, as passing', async () => {
  tart.harness.steer({ agentDelayMs: 600_000 });
  const hasty = tart.harness.open({ limits: { agent: 500 } });
  const { id } = await tart.harness.started(hasty);
  const told = { code: 'runtime_unavailable', passing: true };
  await expect(tart.harness.run(hasty, id, ['true'])).rejects.toMatchObject(told);
});

test('a stop asks the guest first, so that its disk is whole', async () => {
  const spec = await tart.harness.started(tart.runtime);
  await run(spec.id, 'true');
  await tart.runtime.stop(spec.id, at(1));
  const log = readFileSync(join(spec.logDirectory, 'instance.log'), 'utf8');
  expect(log).toContain('guest has stopped the virtual machine');
  expect(log).not.toContain('Stopping VM...');
});

test.each([
  ['does not shut down', { ignoresPoweroff: true }],
  ['has no agent', { agentDelayMs: 600_000 }],
  ['does not shut down, under a Tart that heeds no signal', { ignoresPoweroff: true, ignoresInterrupt: true }],
])('a guest that %s is stopped all the same', async (_, steering) => {
  tart.harness.steer(steering);
  const { id } = await tart.harness.started(tart.runtime);
  await tart.runtime.stop(id, at(1));
  expect(await tart.runtime.inspect(id, signal)).toMatchObject({ state: 'stopped' });
  expect(await Promise.all(tart.harness.machines(id).map(runner))).toEqual([null]);
});

test('a Tart that fails to look is no reason to think a workspace gone', async () => {
  const { id } = await tart.harness.started(tart.runtime);
  tart.harness.steer({ failures: { list: { words: 'Error: something', status: 1 } } });
  const told = { code: 'runtime_unavailable', passing: true, message: '"tart list" failed. Error: something' };
  await expect(tart.runtime.inspect(id, signal)).rejects.toMatchObject(told);
  await expect(tart.runtime.list(signal)).rejects.toMatchObject(told);
  tart.harness.steer({});
  expect(await tart.runtime.inspect(id, signal)).toMatchObject({ state: 'running' });
});
