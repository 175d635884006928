/** Incus under the runtime's contract: a real daemon, the real image. */
import { optionalAbilities } from '../../src/contract/bench.ts';
import { describeRuntime } from '../../src/contract.ts';
import { openIncusHarness } from './incus-harness.ts';

describeRuntime('Incus', { can: optionalAbilities, runsCommands: true }, openIncusHarness);
