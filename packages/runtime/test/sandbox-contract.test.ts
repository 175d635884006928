/** The sandbox under the runtime's contract, with real pasta, bubblewrap and socat. */
import { describeRuntime } from '../src/contract.ts';
import { openSandboxHarness } from './sandbox-harness.ts';

describeRuntime('the sandbox', () => openSandboxHarness());
