/** The contract's promises about what instances take and print; where the runtime says that it cannot tell, that it refuses. */
import { expect, test } from 'vitest';
import { at, type ContractBench, type Declared, refusal, signal, until } from './bench.ts';

const mostBytes = 64 * 1024;

export function testUsage(opened: () => ContractBench, declared: Declared): void {
  const { can } = declared;
  if (can.includes('usage')) testMeasured(opened, declared);
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

function testMeasured(opened: () => ContractBench, { runsCommands, tellsPorts = false }: Declared): void {
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

  if (tellsPorts) {
    test('a port is told once something listens where its target leads, exposed or not', async () => {
      const { harness, started } = opened();
      const { id } = await started();
      expect((await taking(id))?.listening).not.toContain(3000);
      await harness.serve(id, 3000);
      await until(async () => (await taking(id))?.listening?.includes(3000) === true);
      expect((await taking(id))?.listening).not.toContain(4000);
    });
  } else {
    test('which ports something listens on is left to whoever connects', async () => {
      const { id } = await opened().started();
      expect((await taking(id))?.listening).toBeNull();
    });
  }
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
