/** The Tart runtime under the runtime's contract, over a double of its command line. */
import { describeRuntime } from '../src/contract.ts';
import { openTartHarness } from './tart-harness.ts';

describeRuntime("Tart's double", { can: ['clone'], runsCommands: true }, openTartHarness);
