/** The contract's promises about what instances take and print; where the runtime says that it cannot tell, that it refuses. */
import { expect, test } from 'vitest';
import { at, type ContractBench, refusal, signal, until } from './bench.ts';

const mostBytes = 64 * 1024;

export function testUsage(opened: () => ContractBench): void {
  const taking = async (id: string) => (await opened().runtime.usage(signal)).find((each) => each.id === id);

  test('without the capability, usage and console are refused', async () => {
    const { runtime, started, capabilities } = opened();
    const { usage, console } = await capabilities();
    const { id } = await started();
    if (!usage) await expect(runtime.usage(signal)).rejects.toEqual(refusal('unsupported'));
    if (!console) await expect(runtime.console(id, signal)).rejects.toEqual(refusal('unsupported'));
  });

  test('a running instance takes memory, and processor time as it works', async () => {
    const { isolation, usage } = await opened().capabilities();
    if (!usage) return;
    const { id } = await opened().started();
    const before = await taking(id);
    expect(before?.memoryMiB).toBeGreaterThan(0);
    const working = 'exec </dev/null >/dev/null 2>&1; exec timeout 60 sh -c "while :; do :; done"';
    if (isolation !== 'none') await opened().run(id, ['setsid', '--fork', 'sh', '-c', working]);
    const grown = async () => ((await taking(id))?.cpuSeconds ?? 0) > (before?.cpuSeconds ?? 0) + 0.5;
    await until(grown, 60_000);
  });

  test('one that does not run takes nothing', async () => {
    const { runtime, started, capabilities } = opened();
    if (!(await capabilities()).usage) return;
    const { id } = await started();
    await runtime.stop(id, at(1));
    expect(await taking(id)).toBeUndefined();
  });

  test('what an instance printed can be read, its end only, also once it is stopped', async () => {
    const { runtime, started, capabilities } = opened();
    if (!(await capabilities()).console) return;
    const { id } = await started();
    await until(async () => (await runtime.console(id, signal)) !== '');
    await runtime.stop(id, at(1));
    const text = await runtime.console(id, signal);
    expect(text).not.toBe('');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mostBytes);
  });

  test('of what is not there nothing can be read', async () => {
    const { runtime, spec, capabilities } = opened();
    if (!(await capabilities()).console) return;
    await expect(runtime.console(spec().id, signal)).rejects.toEqual(refusal('instance_not_found'));
  });
}
