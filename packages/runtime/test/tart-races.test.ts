/** What the Tart runtime does with attempts that come late, are killed or stand still, and with what others do to its machines. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { useTart } from './tart-bench.ts';
import { addMachine, runner } from './tart-double/machines.ts';
import { held, release } from './tart-double/steering.ts';
import { at, job, refusal, signal } from './tart-harness.ts';

const tart = useTart();
const run = (id: string, ...command: string[]) => tart.harness.run(tart.runtime, id, command);
const tartHome = () => tart.harness.options.tartHome ?? '';
/** Where the double copies before it moves. */
const drafts = () => readdirSync(join(tartHome(), 'tmp'));

test('a copy that is killed half-way leaves nothing that counts, and the next one completes it', async () => {
  tart.harness.steer({ holds: { clone: 'killed' } });
  const spec = tart.harness.spec();
  const abort = new AbortController();
  const creating = tart.runtime.create(spec, { fence: 1, signal: abort.signal });
  await held(tartHome(), 'killed');
  abort.abort();
  await expect(creating).rejects.toThrow();
  expect(await tart.runtime.inspect(spec.id, signal)).toBeNull();
  tart.harness.steer({});
  await tart.runtime.create(spec, at(1));
  expect(tart.harness.machines(spec.id)).toHaveLength(1);
  expect(drafts()).toEqual([]);
});

test('drafts of attempts that were killed go with the next create, and with the remove', async () => {
  const spec = await tart.harness.started(tart.runtime);
  const draft = () => addMachine(tartHome(), `${tart.harness.machines(spec.id)[0]?.name}.deadbeef`);
  draft();
  await tart.runtime.create(spec, at(1));
  expect(tart.harness.machines(spec.id)).toHaveLength(1);
  await tart.runtime.stop(spec.id, at(1));
  draft();
  await tart.runtime.remove(spec.id, at(1));
  expect(tart.harness.machines(spec.id)).toEqual([]);
});

test('a create that comes late does not replace the disk that is there', async () => {
  tart.harness.steer({ holds: { clone: 'create' } });
  const spec = tart.harness.spec();
  const late = tart.runtime.create(spec, at(1));
  await held(tartHome(), 'create');
  tart.harness.steer({});
  const other = tart.harness.open();
  await other.create(spec, at(1));
  await other.start(spec, job(1));
  expect(await run(spec.id, 'sh', '-c', 'echo mine > file')).toMatchObject({ code: 0 });
  release(tartHome(), 'create');
  await late;
  expect((await run(spec.id, 'cat', 'file')).out).toBe('mine\n');
  expect(tart.harness.machines(spec.id)).toHaveLength(1);
});

test('a machine deleted behind our back is not there, and is made anew', async () => {
  const spec = await tart.harness.started(tart.runtime);
  await tart.runtime.stop(spec.id, at(1));
  rmSync(tart.harness.machines(spec.id)[0]?.directory ?? '', { recursive: true });
  expect(await tart.runtime.inspect(spec.id, signal)).toBeNull();
  expect(await tart.runtime.list(signal)).toEqual([]);
  await expect(tart.runtime.start(spec, job(1))).rejects.toEqual(refusal('instance_not_found'));
  await tart.runtime.create(spec, at(1));
  await tart.runtime.start(spec, job(1));
  expect(await tart.runtime.inspect(spec.id, signal)).toMatchObject({ state: 'running' });
});

test('one that somebody runs by hand is no workspace: it is not taken over, but stopped where asked', async () => {
  const spec = tart.harness.spec();
  await tart.runtime.create(spec, at(1));
  const [machine] = tart.harness.machines(spec.id);
  if (machine === undefined) throw new Error('it was made');
  const { program, tartHome } = tart.harness.options;
  const options = { env: { ...process.env, TART_HOME: tartHome ?? '' }, stdio: 'ignore' } as const;
  spawn(program, ['run', machine.name, '--net-softnet'], options);
  while ((await runner(machine)) === null) await sleep(20);
  const detail = expect.stringContaining('not by Tidepool');
  await expect(tart.runtime.start(spec, job(1))).rejects.toMatchObject({ code: 'instance_failed', message: detail });
  await expect(tart.runtime.expose(spec.id, [8080], at(1))).rejects.toEqual(refusal('instance_not_running'));
  await expect(tart.runtime.remove(spec.id, at(1))).rejects.toEqual(refusal('wrong_status'));
  await tart.runtime.stop(spec.id, at(1));
  expect(await runner(machine)).toBeNull();
});

test('a start that stood still while another launched takes over the other’s run', async () => {
  const spec = tart.harness.spec();
  await tart.runtime.create(spec, at(1));
  tart.harness.steer({ holds: { get: 'start' } });
  const late = tart.harness.open().start(spec, job(1, 'job-late'));
  await held(tartHome(), 'start');
  tart.harness.steer({});
  await tart.runtime.start(spec, job(1, 'job-1'));
  release(tartHome(), 'start');
  await late;
  expect(await tart.runtime.inspect(spec.id, signal)).toMatchObject({ state: 'running', startedBy: 'job-1' });
});

test('machines of the owner and of other homes are nobody’s here', async () => {
  addMachine(tartHome(), 'debian');
  const elsewhere = tart.harness.open({ directory: join(tart.harness.directory, 'other') });
  const { id } = await tart.harness.started(tart.runtime);
  expect(await elsewhere.list(signal)).toEqual([]);
  expect(await elsewhere.inspect(id, signal)).toBeNull();
  await elsewhere.stop(id, at(1));
  await elsewhere.remove(id, at(1));
  expect((await tart.runtime.list(signal)).map((instance) => instance.id)).toEqual([id]);
  expect(tart.harness.machines('debian')).toHaveLength(1);
});

test('a launcher that comes late starts nothing: its number is taken, or its fence is passed', () => {
  const place = (name: string) => join(tart.harness.directory, `launch/${name}`);
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
