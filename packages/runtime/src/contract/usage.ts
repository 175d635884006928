/** The contract's promises about what instances take and print; where the runtime says that it cannot tell, that it refuses. */
import { expect, test } from 'vitest';
import { at, type ContractBench, type Declared, refusal, signal, until } from './bench.ts';

const mostBytes = 64 * 1024;

export function testUsage(opened: () => ContractBench, { can, runsCommands }: Declared): void {
  if (can.includes('usage')) testMeasured(opened, runsCommands);
  else {
    test('usage is refused as unsupported', async () => {
      await expect(opened().runtime.usage(signal)).rejects.toEqual(refusal('unsupported'));
    });
  }
  if (can.includes('console')) testPrinted(opened);
  else {
    test('console is refused as unsupported', async () => {
      const { runtime, started } = opened();
      const { id } = await started();
      await expect(runtime.console(id, signal)).rejects.toEqual(refusal('unsupported'));
    });
  }
}

function testMeasured(opened: () => ContractBench, runsCommands: boolean): void {
  const taking = async (id: string) => (await opened().runtime.usage(signal)).find((each) => each.id === id);

  test('a running instance takes memory, and processor time as it works', async () => {
    const { id } = await opened().started();
    const before = await taking(id);
    expect(before?.memoryMiB).toBeGreaterThan(0);
    const working = 'exec </dev/null >/dev/null 2>&1; exec timeout 60 sh -c "while :; do :; done"';
    if (runsCommands) await opened().run(id, ['setsid', '--fork', 'sh', '-c', working]);
    const grown = async () => ((await taking(id))?.cpuSeconds ?? 0) > (before?.cpuSeconds ?? 0) + 0.5;
    await until(grown, 60_000);
  });

  test('one that does not run takes nothing', async () => {
    const { runtime, started } = opened();
    const { id } = await started();
    await runtime.stop(id, at(1));
    expect(await taking(id)).toBeUndefined();
  });
}

function testPrinted(opened: () => ContractBench): void {
  test('what an instance printed can be read, its end only, also once it is stopped', async () => {
    const { runtime, started } = opened();
    const { id } = await started();
    await until(async () => (await runtime.console(id, signal)) !== '');
    await runtime.stop(id, at(1));
    const text = await runtime.console(id, signal);
    expect(text).not.toBe('');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mostBytes);
  });

  test('of what is not there nothing can be read', async () => {
    const { runtime, spec } = opened();
    await expect(runtime.console(spec().id, signal)).rejects.toEqual(refusal('instance_not_found'));
  });
}
