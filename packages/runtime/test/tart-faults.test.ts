/** What the Tart runtime does when Tart, a machine, its guest or a worker fails. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { matrixDisagreements } from '@tidepool/core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Runtime } from '../src/runtime.ts';
import { addMachine, runner } from './tart-double/machines.ts';
import { at, job, openTartHarness, refusal, signal, type TartHarness } from './tart-harness.ts';

let harness: TartHarness;
let runtime: Runtime;
beforeAll(async () => {
  harness = await openTartHarness();
  runtime = harness.open();
});
afterEach(async () => {
  harness.steer({});
  for (const { id } of await runtime.list(signal)) {
    await runtime.stop(id, at(1_000_000));
    await runtime.remove(id, at(1_000_000));
  }
});
afterAll(() => harness.close());

/** Where the double copies before it moves. */
const drafts = () => join(harness.options.tartHome ?? '', 'tmp');
const copying = async () => {
  while (!existsSync(drafts()) || readdirSync(drafts()).length === 0) await sleep(20);
};
const run = (id: string, ...command: string[]) => harness.run(runtime, id, command);

test('it says of itself what the matrix says', async () => {
  const { kind, capabilities } = await runtime.describe(signal);
  expect(matrixDisagreements(kind, capabilities)).toEqual([]);
});

test('without Tart everything says so, and so does the doctor', async () => {
  const lacking = harness.open({ program: join(harness.directory, 'no-tart') });
  await expect(lacking.list(signal)).rejects.toEqual(refusal('runtime_missing'));
  await expect(lacking.create(harness.spec(), at(1))).rejects.toEqual(refusal('runtime_missing'));
  const { version, findings } = await lacking.describe(signal);
  expect(version).toBe('not installed');
  expect(findings).toContainEqual(expect.objectContaining({ id: 'tart.program', status: 'failed' }));
});

test('a home with a colon in its path is refused, because Tart could not share it', () => {
  expect(() => harness.open({ directory: '/tmp/a:b' })).toThrow(refusal('invalid_config'));
});

test('the newest image is current, unless one is named', async () => {
  const { tartHome } = harness.options;
  addMachine(tartHome ?? '', 'tidepool-image-workspace-10');
  const current = async (adapter: Runtime) =>
    (await adapter.images(signal)).filter((image) => image.current).map(({ name, version }) => `${name}@${version}`);
  expect(await current(runtime)).toEqual(['workspace@10']);
  expect(await current(harness.open({ image: 'tidepool-image-workspace-7' }))).toEqual(['workspace@7']);
  expect(await current(harness.open({ image: 'tidepool-image-workspace-8' }))).toEqual([]);
  rmSync(harness.machines('workspace-10')[0]?.directory ?? '', { recursive: true });
});

test('a start gives the machine its size, and its disk never becomes smaller', async () => {
  const spec = await harness.started(runtime, { cpus: 3, memoryMiB: 2048, diskGiB: 20 });
  const size = () => harness.machines(spec.id)[0]?.readConfig();
  expect(size()).toEqual({ cpus: 3, memoryMiB: 2048, diskGB: 22 });
  await runtime.stop(spec.id, at(1));
  await runtime.start({ ...spec, cpus: 1, diskGiB: 10 }, job(1));
  expect(size()).toEqual({ cpus: 1, memoryMiB: 2048, diskGB: 22 });
});

test('more machines than the system allows are refused with its own words', async () => {
  const first = await harness.started(runtime);
  harness.steer({ limit: 1 });
  const second = harness.spec();
  await runtime.create(second, at(1));
  // Tart calls it running before the system refuses it, so either of the two may be told.
  const coming = runtime.start(second, job(1)).then(() => runtime.expose(second.id, [8080], at(1)));
  await expect(coming).rejects.toEqual(refusal('vm_limit'));
  expect(await runtime.inspect(second.id, signal)).toMatchObject({ state: 'stopped' });
  await runtime.stop(first.id, at(1));
  await runtime.start(second, job(1));
  expect(await runtime.expose(second.id, [8080], at(1))).toHaveLength(1);
});

test('a guest whose DHCP hides its MAC address is found by its agent', async () => {
  harness.steer({ leaseDelayMs: null });
  const patient = harness.open({ limits: { dhcpAlone: 500 } });
  const { id } = await harness.started(patient);
  const [target] = await patient.expose(id, [8080], at(1));
  expect(target).toMatchObject({ kind: 'tcp', host: harness.machines(id)[0]?.address });
});

test('a guest that gets no address is told of, and stops as ever', async () => {
  harness.steer({ leaseDelayMs: null, agentDelayMs: 600_000 });
  const hasty = harness.open({ limits: { address: 1_000, dhcpAlone: 500 } });
  const { id } = await harness.started(hasty);
  await expect(hasty.expose(id, [8080], at(1))).rejects.toEqual(refusal('instance_no_address'));
  await hasty.stop(id, at(1));
  expect(await hasty.inspect(id, signal)).toMatchObject({ state: 'stopped' });
});

test('what Tart says of a start that fails is in the error and in the log', async () => {
  const words = 'Error: InitializationFailed(why: "softnet not found in PATH")';
  harness.steer({ failures: { run: { words, status: 1 } } });
  const spec = harness.spec();
  await runtime.create(spec, at(1));
  const failure = { code: 'instance_failed', fix: expect.stringContaining('Softnet') };
  await expect(runtime.start(spec, job(1))).rejects.toMatchObject(failure);
  expect(readFileSync(join(spec.logDirectory, 'instance.log'), 'utf8')).toContain(words);
  harness.steer({});
  await runtime.start(spec, job(1));
  expect(await runtime.inspect(spec.id, signal)).toMatchObject({ state: 'running' });
});

test('a disk that is full while it is copied leaves nothing', async () => {
  const words = 'The file “disk.img” couldn’t be copied because there isn’t enough space.';
  harness.steer({ failures: { clone: { words, status: 1 } } });
  const spec = harness.spec();
  await expect(runtime.create(spec, at(1))).rejects.toEqual(refusal('disk_full'));
  expect(harness.machines(spec.id)).toEqual([]);
  expect(await runtime.inspect(spec.id, signal)).toBeNull();
});

test('a copy that is killed half-way leaves nothing that counts, and the next one completes it', async () => {
  harness.steer({ delayMs: { clone: 600_000 } });
  const spec = harness.spec();
  const abort = new AbortController();
  const creating = runtime.create(spec, { fence: 1, signal: abort.signal });
  await copying();
  abort.abort();
  await expect(creating).rejects.toThrow();
  expect(await runtime.inspect(spec.id, signal)).toBeNull();
  harness.steer({});
  await runtime.create(spec, at(1));
  expect(harness.machines(spec.id)).toHaveLength(1);
  expect(readdirSync(drafts())).toEqual([]);
});

test('drafts of attempts that were killed go with the next create, and with the remove', async () => {
  const spec = await harness.started(runtime);
  const draft = () => addMachine(harness.options.tartHome ?? '', `${harness.machines(spec.id)[0]?.name}.deadbeef`);
  draft();
  await runtime.create(spec, at(1));
  expect(harness.machines(spec.id)).toHaveLength(1);
  await runtime.stop(spec.id, at(1));
  draft();
  await runtime.remove(spec.id, at(1));
  expect(harness.machines(spec.id)).toEqual([]);
});

test('a create that comes late does not replace the disk that is there', async () => {
  harness.steer({ delayMs: { clone: 6_000 } });
  const spec = harness.spec();
  const late = runtime.create(spec, at(1));
  await copying();
  harness.steer({});
  const other = harness.open();
  await other.create(spec, at(1));
  await other.start(spec, job(1));
  expect(await run(spec.id, 'sh', '-c', 'echo mine > file')).toMatchObject({ code: 0 });
  expect(readdirSync(drafts())).toHaveLength(1);
  await late;
  expect((await run(spec.id, 'cat', 'file')).out).toBe('mine\n');
  expect(harness.machines(spec.id)).toHaveLength(1);
});

test('a machine deleted behind our back is not there, and is made anew', async () => {
  const spec = await harness.started(runtime);
  await runtime.stop(spec.id, at(1));
  rmSync(harness.machines(spec.id)[0]?.directory ?? '', { recursive: true });
  expect(await runtime.inspect(spec.id, signal)).toBeNull();
  expect(await runtime.list(signal)).toEqual([]);
  await expect(runtime.start(spec, job(1))).rejects.toEqual(refusal('instance_not_found'));
  await runtime.create(spec, at(1));
  await runtime.start(spec, job(1));
  expect(await runtime.inspect(spec.id, signal)).toMatchObject({ state: 'running' });
});

test('one that somebody runs by hand is no workspace: it is not taken over, but stopped where asked', async () => {
  const spec = harness.spec();
  await runtime.create(spec, at(1));
  const [machine] = harness.machines(spec.id);
  if (machine === undefined) throw new Error('it was made');
  const { program, tartHome } = harness.options;
  const options = { env: { ...process.env, TART_HOME: tartHome ?? '' }, stdio: 'ignore' } as const;
  spawn(program, ['run', machine.name, '--net-softnet'], options);
  while ((await runner(machine)) === null) await sleep(20);
  const detail = expect.stringContaining('not by Tidepool');
  await expect(runtime.start(spec, job(1))).rejects.toMatchObject({ code: 'instance_failed', message: detail });
  await expect(runtime.expose(spec.id, [8080], at(1))).rejects.toEqual(refusal('instance_not_running'));
  await expect(runtime.remove(spec.id, at(1))).rejects.toEqual(refusal('wrong_status'));
  await runtime.stop(spec.id, at(1));
  expect(await runner(machine)).toBeNull();
});

test('a start that stood still while another launched takes over the other’s run', async () => {
  const spec = harness.spec();
  await runtime.create(spec, at(1));
  harness.steer({ delayMs: { get: 4_000 } });
  const late = harness.open().start(spec, job(1, 'job-late'));
  await sleep(2_000);
  harness.steer({});
  await runtime.start(spec, job(1, 'job-1'));
  await late;
  expect(await runtime.inspect(spec.id, signal)).toMatchObject({ state: 'running', startedBy: 'job-1' });
});

test('a command waits for the agent of a machine that has just booted', async () => {
  harness.steer({ agentDelayMs: 3_000 });
  const { id } = await harness.started(runtime);
  expect(await run(id, 'echo', 'there')).toMatchObject({ code: 0, out: 'there\n' });
});

test('an agent that never answers is told of, as passing', async () => {
  harness.steer({ agentDelayMs: 600_000 });
  const hasty = harness.open({ limits: { agent: 500 } });
  const { id } = await harness.started(hasty);
  const told = { code: 'runtime_unavailable', passing: true };
  await expect(harness.run(hasty, id, ['true'])).rejects.toMatchObject(told);
});

test('a stop asks the guest first, so that its disk is whole', async () => {
  const spec = await harness.started(runtime);
  await run(spec.id, 'true');
  await runtime.stop(spec.id, at(1));
  const log = readFileSync(join(spec.logDirectory, 'instance.log'), 'utf8');
  expect(log).toContain('guest has stopped the virtual machine');
  expect(log).not.toContain('Stopping VM...');
});

test.each([
  ['does not shut down', { ignoresPoweroff: true }],
  ['has no agent', { agentDelayMs: 600_000 }],
  ['does not shut down, under a Tart that heeds no signal', { ignoresPoweroff: true, ignoresInterrupt: true }],
])('a guest that %s is stopped all the same', async (_, steering) => {
  harness.steer(steering);
  const { id } = await harness.started(runtime);
  await runtime.stop(id, at(1));
  expect(await runtime.inspect(id, signal)).toMatchObject({ state: 'stopped' });
  expect(await Promise.all(harness.machines(id).map(runner))).toEqual([null]);
});

test('a Tart that fails to look is no reason to think a workspace gone', async () => {
  const { id } = await harness.started(runtime);
  harness.steer({ failures: { list: { words: 'Error: something', status: 1 } } });
  const told = { code: 'runtime_unavailable', passing: true, message: '"tart list" failed. Error: something' };
  await expect(runtime.inspect(id, signal)).rejects.toMatchObject(told);
  await expect(runtime.list(signal)).rejects.toMatchObject(told);
  harness.steer({});
  expect(await runtime.inspect(id, signal)).toMatchObject({ state: 'running' });
});

test('machines of the owner and of other homes are nobody’s here', async () => {
  addMachine(harness.options.tartHome ?? '', 'debian');
  const elsewhere = harness.open({ directory: join(harness.directory, 'other') });
  const { id } = await harness.started(runtime);
  expect(await elsewhere.list(signal)).toEqual([]);
  expect(await elsewhere.inspect(id, signal)).toBeNull();
  await elsewhere.stop(id, at(1));
  await elsewhere.remove(id, at(1));
  expect((await runtime.list(signal)).map((instance) => instance.id)).toEqual([id]);
  expect(harness.machines('debian')).toHaveLength(1);
});

test('a launcher that comes late starts nothing: its number is taken, or its fence is passed', () => {
  const place = (name: string) => join(harness.directory, `launch/${name}`);
  for (const name of ['runs', 'fences']) mkdirSync(place(name), { recursive: true });
  writeFileSync(place('fences/4'), '');
  const launcher = new URL('../src/tart/launch.sh', import.meta.url).pathname;
  const launch = (number: number, fence: number) =>
    spawnSync('sh', [launcher, place('runs'), `${number}`, '{}', place('fences'), `${fence}`, 'echo', 'ran']);
  expect(launch(1, 4)).toMatchObject({ status: 0, stdout: Buffer.from('ran\n') });
  expect(launch(1, 4)).toMatchObject({ status: 75, stdout: Buffer.from('') });
  expect(launch(2, 3)).toMatchObject({ status: 76, stdout: Buffer.from('') });
  // What it wrote down before it looked is there for a stop to find.
  expect(readdirSync(place('runs'))).toEqual(['1', '2']);
});
