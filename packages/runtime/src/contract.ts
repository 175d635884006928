/** What every `Runtime` promises in `runtime.ts`, as tests: each adapter's test calls `describeRuntime` with a harness. */
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { type ContractBench, type Declared, openBench, type RuntimeHarness } from './contract/bench.ts';
import { testExec } from './contract/exec.ts';
import { testFences } from './contract/fences.ts';
import { testLifecycle } from './contract/lifecycle.ts';
import { testPause } from './contract/pause.ts';
import { testPorts } from './contract/ports.ts';
import { testSnapshots } from './contract/snapshots.ts';
import { testUsage } from './contract/usage.ts';

export type { Declared, RuntimeHarness } from './contract/bench.ts';

export function describeRuntime(name: string, declared: Declared, openHarness: () => Promise<RuntimeHarness>): void {
  describe(`${name} keeps the runtime's contract`, () => {
    let bench: ContractBench | undefined;
    const opened = () => {
      if (bench === undefined) throw new Error('the harness did not open');
      return bench;
    };
    beforeAll(async () => {
      bench = await openBench(await openHarness());
    });
    afterEach(() => bench?.clear());
    afterAll(() => bench?.harness.close());

    testLifecycle(opened, declared);
    testFences(opened);
    testExec(opened, declared);
    testPorts(opened);
    testPause(opened, declared);
    testSnapshots(opened, declared);
    testUsage(opened, declared);
  });
}
