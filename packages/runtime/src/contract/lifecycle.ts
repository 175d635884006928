/** The contract's promises about making, starting, stopping and removing instances. */

import { setTimeout as sleep } from 'node:timers/promises';
import { matrixDisagreements } from '@tidepool/core';
import { expect, test } from 'vitest';
import { at, type ContractBench, type Declared, job, optionalAbilities, refusal, signal, until } from './bench.ts';

export function testLifecycle(opened: () => ContractBench, declared: Declared): void {
  test('it says what it is and which image new workspaces get', async () => {
    const bench = opened();
    const info = await bench.runtime.describe(signal);
    expect(info.version).not.toBe('');
    expect(info.capabilities.isolation).toBeTypeOf('string');
    expect(bench.image).toMatch(/^[a-z]+@\w+$/);
  });

  test('what it says that it can is what its tests here ask of it', async () => {
    const { capabilities } = await opened().runtime.describe(signal);
    expect(optionalAbilities.filter((ability) => capabilities[ability])).toEqual(
      optionalAbilities.filter((ability) => declared.can.includes(ability)),
    );
    expect(capabilities.isolation !== 'none').toBe(declared.runsCommands);
  });

  if (declared.runsCommands) {
    test('what it says of itself is what the matrix of runtimes says', async () => {
      const { kind, capabilities } = await opened().runtime.describe(signal);
      expect(matrixDisagreements(kind, capabilities)).toEqual([]);
    });
  }

  test('what is not there is null, stopped, removed, and cannot be started', async () => {
    const bench = opened();
    const { id } = bench.spec();
    expect(await bench.runtime.inspect(id, signal)).toBeNull();
    await bench.runtime.stop(id, at(1));
    await bench.runtime.remove(id, at(1));
    await expect(bench.runtime.start(bench.spec({ id }), job(1))).rejects.toEqual(refusal('instance_not_found'));
    await expect(bench.runtime.expose(id, [], at(1))).rejects.toEqual(refusal('instance_not_running'));
    await expect(bench.run(id, ['true'])).rejects.toEqual(refusal('instance_not_running'));
    expect(await bench.runtime.inspect(id, signal)).toBeNull();
  });

  test('a created instance is stopped, and is found by its label', async () => {
    const bench = opened();
    const wanted = bench.spec();
    await bench.runtime.create(wanted, at(3));
    expect(await bench.runtime.inspect(wanted.id, signal)).toEqual({
      id: wanted.id,
      state: 'stopped',
      startedBy: null,
      fence: 3,
    });
    expect((await bench.runtime.list(signal)).map(({ id }) => id)).toContain(wanted.id);
  });

  test('an image that is not there is refused, and nothing is made', async () => {
    const bench = opened();
    const wanted = bench.spec({ image: 'workspace@0000000000' });
    await expect(bench.runtime.create(wanted, at(1))).rejects.toEqual(refusal('image_missing'));
    expect(await bench.runtime.inspect(wanted.id, signal)).toBeNull();
  });

  test('start runs it for the job that asked, and a second start changes nothing', async () => {
    const bench = opened();
    const wanted = await bench.started();
    await bench.runtime.start(wanted, job(2, 'job-2'));
    const again = bench.harness.open();
    expect(await again.inspect(wanted.id, signal)).toEqual({
      id: wanted.id,
      state: 'running',
      startedBy: 'job-1',
      fence: 2,
    });
    expect(await again.list(signal)).toContainEqual(expect.objectContaining({ id: wanted.id, state: 'running' }));
  });

  test('each operation asked for twice is done once', async () => {
    const bench = opened();
    const wanted = await bench.started();
    await bench.runtime.create(wanted, at(1));
    expect((await bench.runtime.inspect(wanted.id, signal))?.state).toBe('running');
    await bench.runtime.stop(wanted.id, at(1));
    await bench.runtime.stop(wanted.id, at(1));
    expect(await bench.runtime.inspect(wanted.id, signal)).toMatchObject({ state: 'stopped', startedBy: null });
    await bench.runtime.remove(wanted.id, at(1));
    await bench.runtime.remove(wanted.id, at(1));
    expect(await bench.runtime.inspect(wanted.id, signal)).toBeNull();
    expect((await bench.runtime.list(signal)).map(({ id }) => id)).not.toContain(wanted.id);
  });

  test('stop keeps the disk, a second create keeps it, remove does not', async () => {
    const bench = opened();
    const wanted = await bench.started();
    expect(await bench.run(wanted.id, ['sh', '-c', 'echo kept > file'])).toMatchObject({ code: 0 });
    await bench.runtime.stop(wanted.id, at(1));
    await bench.runtime.create(wanted, at(1));
    await bench.runtime.start(wanted, job(1));
    expect(await bench.run(wanted.id, ['cat', 'file'])).toMatchObject({ code: 0, out: 'kept\n' });
    await bench.runtime.stop(wanted.id, at(1));
    await bench.runtime.remove(wanted.id, at(1));
    await bench.runtime.create(wanted, at(1));
    await bench.runtime.start(wanted, job(1));
    expect((await bench.run(wanted.id, ['cat', 'file'])).code).toBe(1);
  });

  test('a running instance is not removed', async () => {
    const bench = opened();
    const wanted = await bench.started();
    await expect(bench.runtime.remove(wanted.id, at(1))).rejects.toEqual(refusal('wrong_status'));
    expect((await bench.runtime.inspect(wanted.id, signal))?.state).toBe('running');
  });

  test('a restart is labelled with its own job, and takes a new size', async () => {
    const bench = opened();
    const wanted = await bench.started();
    await bench.runtime.create({ ...wanted, cpus: 1, memoryMiB: 512 }, at(2));
    await bench.runtime.stop(wanted.id, at(2));
    await bench.runtime.start({ ...wanted, cpus: 1, memoryMiB: 512 }, job(2, 'job-2'));
    expect(await bench.runtime.inspect(wanted.id, signal)).toMatchObject({ state: 'running', startedBy: 'job-2' });
  });

  test('an aborted operation rejects and can be done again', async () => {
    const bench = opened();
    const wanted = bench.spec();
    const aborted = AbortSignal.abort();
    await expect(bench.runtime.create(wanted, { fence: 1, signal: aborted })).rejects.toThrow();
    await bench.runtime.create(wanted, at(1));
    await expect(bench.runtime.start(wanted, { fence: 1, jobId: 'job-1', signal: aborted })).rejects.toThrow();
    await bench.runtime.start(wanted, job(1));
    expect((await bench.runtime.inspect(wanted.id, signal))?.state).toBe('running');
  });

  test('an instance that ended by itself is reported, is stopped, and can be started again', async () => {
    const bench = opened();
    const wanted = await bench.started();
    const ended = new Set<string>();
    const watching = new AbortController();
    bench.harness.open().watch((id) => ended.add(id), watching.signal);
    await sleep(100);
    await bench.harness.end(wanted.id);
    await until(async () => ended.has(wanted.id));
    watching.abort();
    expect(await bench.runtime.inspect(wanted.id, signal)).toMatchObject({ state: 'stopped', startedBy: null });
    await bench.runtime.start(wanted, job(1, 'job-2'));
    expect(await bench.runtime.inspect(wanted.id, signal)).toMatchObject({ state: 'running', startedBy: 'job-2' });
  });
}
