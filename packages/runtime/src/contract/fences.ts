/** The contract's promises to several workers at once: fences, and adapters side by side. */
import { expect, test } from 'vitest';
import { at, type ContractBench, job, refusal, signal } from './bench.ts';

export function testFences(opened: () => ContractBench): void {
  test('a lower fence than the highest seen is refused by every operation, of any adapter, and does nothing', async () => {
    const bench = opened();
    const wanted = await bench.started();
    await bench.runtime.expose(wanted.id, [], at(5));
    const suspended = bench.harness.open();
    const lost = refusal('fence_lost');
    await expect(suspended.create(wanted, at(4))).rejects.toEqual(lost);
    await expect(suspended.start(wanted, job(4))).rejects.toEqual(lost);
    await expect(suspended.stop(wanted.id, at(4))).rejects.toEqual(lost);
    await expect(suspended.expose(wanted.id, [3000], at(4))).rejects.toEqual(lost);
    expect(await bench.runtime.inspect(wanted.id, signal)).toMatchObject({ state: 'running', fence: 5 });
    await bench.runtime.stop(wanted.id, at(6));
    await expect(suspended.start(wanted, job(5))).rejects.toEqual(lost);
    await expect(suspended.remove(wanted.id, at(5))).rejects.toEqual(lost);
    expect(await bench.runtime.inspect(wanted.id, signal)).toMatchObject({ state: 'stopped', fence: 6 });
  });

  test('a fence outlives the instance: a suspended create does not bring it back', async () => {
    const bench = opened();
    const wanted = bench.spec();
    await bench.runtime.create(wanted, at(2));
    await bench.runtime.remove(wanted.id, at(7));
    await expect(bench.harness.open().create(wanted, at(6))).rejects.toEqual(refusal('fence_lost'));
    expect(await bench.runtime.inspect(wanted.id, signal)).toBeNull();
  });

  test('two adapters that create and start at once make one run', async () => {
    const bench = opened();
    const wanted = bench.spec();
    const adapters = [bench.harness.open(), bench.harness.open()];
    await Promise.all(adapters.map((adapter) => adapter.create(wanted, at(1))));
    await Promise.all(adapters.map((adapter, index) => adapter.start(wanted, job(1, `job-${index}`))));
    const seen = await Promise.all(adapters.map((adapter) => adapter.inspect(wanted.id, signal)));
    expect(seen[0]).toMatchObject({ state: 'running', startedBy: expect.stringMatching(/^job-[01]$/) });
    expect(seen[1]).toEqual(seen[0]);
  });

  test('two adapters that stop and remove at once leave nothing', async () => {
    const bench = opened();
    const wanted = await bench.started();
    const adapters = [bench.harness.open(), bench.harness.open()];
    await Promise.all(adapters.map((adapter) => adapter.stop(wanted.id, at(1))));
    await Promise.all(adapters.map((adapter) => adapter.remove(wanted.id, at(1))));
    expect(await bench.runtime.inspect(wanted.id, signal)).toBeNull();
  });
}
