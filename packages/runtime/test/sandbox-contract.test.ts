/** The sandbox under the runtime's contract, with real pasta, bubblewrap and socat. */
import { describeRuntime } from '../src/contract.ts';
import { openSandboxHarness } from './sandbox-harness.ts';

const declared = { can: ['console', 'usage'], runsCommands: true, tellsPorts: true } as const;

describeRuntime('the sandbox', declared, () => openSandboxHarness());
