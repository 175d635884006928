/** The contract's promises about pausing; where the runtime says that it cannot, that it refuses. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { at, type ContractBench, type Declared, job, refusal, signal } from './bench.ts';

export function testPause(opened: () => ContractBench, { can, runsCommands }: Declared): void {
  if (!can.includes('pause')) {
    test('pause and resume are refused as unsupported, and change nothing', async () => {
      const { runtime, started } = opened();
      const { id } = await started();
      await expect(runtime.pause(id, at(1))).rejects.toEqual(refusal('unsupported'));
      await expect(runtime.resume(id, at(1))).rejects.toEqual(refusal('unsupported'));
      expect((await runtime.inspect(id, signal))?.state).toBe('running');
    });
    return;
  }

  test('a paused instance is found paused, with its run, and goes on; each asked for twice is done once', async () => {
    const { runtime, started, harness, run } = opened();
    const { id } = await started();
    for (const _ of [1, 2]) await runtime.pause(id, at(2));
    const other = harness.open();
    expect(await other.inspect(id, signal)).toEqual({ id, state: 'paused', startedBy: 'job-1', fence: 2 });
    expect(await other.list(signal)).toContainEqual(expect.objectContaining({ id, state: 'paused' }));
    for (const _ of [1, 2]) await other.resume(id, at(3));
    expect(await runtime.inspect(id, signal)).toEqual({ id, state: 'running', startedBy: 'job-1', fence: 3 });
    expect((await run(id, ['true'])).code).toBe(0);
  });

  if (runsCommands) {
    test('nothing in a paused instance runs meanwhile', async () => {
      const { runtime, started, run } = opened();
      const { id } = await started();
      const ticking = 'while :; do date +%s%3N >> ticks; sleep 0.05; done';
      await run(id, ['setsid', '--fork', 'sh', '-c', `exec </dev/null >/dev/null 2>&1; ${ticking}`]);
      await sleep(500);
      await runtime.pause(id, at(1));
      await sleep(2_000);
      await runtime.resume(id, at(1));
      await sleep(500);
      const ticks = (await run(id, ['cat', 'ticks'])).out.trim().split('\n').map(Number);
      const gaps = ticks.slice(1).map((tick, index) => tick - (ticks[index] ?? tick));
      expect(Math.max(...gaps)).toBeGreaterThan(1_500);
    });
  }

  test('start lets a paused one go on in the run it had', async () => {
    const { runtime, started } = opened();
    const wanted = await started();
    await runtime.pause(wanted.id, at(1));
    await runtime.start(wanted, job(2, 'job-2'));
    expect(await runtime.inspect(wanted.id, signal)).toMatchObject({ state: 'running', startedBy: 'job-1' });
  });

  test('a paused one is not removed, but stopped', async () => {
    const { runtime, started } = opened();
    const { id } = await started();
    await runtime.pause(id, at(1));
    await expect(runtime.remove(id, at(1))).rejects.toEqual(refusal('wrong_status'));
    await runtime.stop(id, at(1));
    expect(await runtime.inspect(id, signal)).toMatchObject({ state: 'stopped', startedBy: null });
  });

  test('one that does not run is neither paused nor resumed', async () => {
    const { runtime, spec } = opened();
    const wanted = spec();
    await expect(runtime.pause(wanted.id, at(1))).rejects.toEqual(refusal('instance_not_running'));
    await runtime.create(wanted, at(1));
    await expect(runtime.pause(wanted.id, at(1))).rejects.toEqual(refusal('instance_not_running'));
    await expect(runtime.resume(wanted.id, at(1))).rejects.toEqual(refusal('instance_not_running'));
  });

  test('a lower fence neither pauses nor resumes', async () => {
    const { runtime, started } = opened();
    const { id } = await started();
    await runtime.pause(id, at(5));
    await expect(runtime.resume(id, at(4))).rejects.toEqual(refusal('fence_lost'));
    expect(await runtime.inspect(id, signal)).toMatchObject({ state: 'paused', fence: 5 });
    await runtime.resume(id, at(5));
    await expect(runtime.pause(id, at(4))).rejects.toEqual(refusal('fence_lost'));
    expect(await runtime.inspect(id, signal)).toMatchObject({ state: 'running', fence: 5 });
  });
}
