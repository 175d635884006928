/** Incus under the runtime's contract: a real daemon, the real image. */
import { describeRuntime } from '../../src/contract.ts';
import { openIncusHarness } from './incus-harness.ts';

describeRuntime('Incus', openIncusHarness);
