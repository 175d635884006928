/** One home over the double for all tests of a file, with nothing left in it after each. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Runtime } from '../src/runtime.ts';
import { at, openTartHarness, signal, type TartHarness } from './tart-harness.ts';

/** To be called at the top of a test file; what it gives is there once the tests run. */
export function useTart(): { readonly harness: TartHarness; readonly runtime: Runtime } {
  let opened: { harness: TartHarness; runtime: Runtime } | undefined;
  const bench = () => {
    if (opened === undefined) throw new Error('the harness did not open');
    return opened;
  };
  beforeAll(async () => {
    const harness = await openTartHarness();
    opened = { harness, runtime: harness.open() };
  });
  afterEach(async () => {
    const { harness, runtime } = bench();
    harness.steer({});
    for (const { id } of await runtime.list(signal)) {
      await runtime.stop(id, at(1_000_000));
      await runtime.remove(id, at(1_000_000));
    }
  });
  afterAll(() => opened?.harness.close());
  return {
    get harness() {
      return bench().harness;
    },
    get runtime() {
      return bench().runtime;
    },
  };
}
