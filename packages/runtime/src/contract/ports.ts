/** The contract's promises about exposed ports. */
import { expect, test } from 'vitest';
import { at, type ContractBench, refusal, until } from './bench.ts';

export function testPorts(opened: () => ContractBench): void {
  test('a port is exposed before anything listens, and answers once something does', async () => {
    const bench = opened();
    const { id } = await bench.started();
    const [target, other] = await bench.runtime.expose(id, [3000, 4000], at(1));
    if (!target || !other) throw new Error('a target for each port');
    expect(await bench.harness.get(target)).toBeNull();
    await bench.harness.serve(id, 3000);
    await until(async () => (await bench.harness.get(target)) === 200);
  });

  test('exposing again gives the same targets, also from another adapter', async () => {
    const bench = opened();
    const { id } = await bench.started();
    const first = await bench.runtime.expose(id, [8080, 3000], at(1));
    expect(await bench.runtime.expose(id, [8080, 3000], at(1))).toEqual(first);
    expect(await bench.harness.open().expose(id, [3000], at(2))).toEqual(first.slice(1));
  });

  test('a stopped instance exposes nothing', async () => {
    const bench = opened();
    const { id } = await bench.started();
    await bench.runtime.expose(id, [3000], at(1));
    await bench.runtime.stop(id, at(1));
    await expect(bench.runtime.expose(id, [3000], at(1))).rejects.toEqual(refusal('instance_not_running'));
  });
}
