/**
 * What a worker does with the sandbox runtime, in a process of its own that tests kill or put into another network: creates
 * and starts ARGV[3] (a spec) in the home ARGV[2], says `started` or `failed <code>`, and then watches until it is killed.
 */
import { TidepoolError } from '@tidepool/core';
import { pino } from 'pino';
import type { InstanceSpec } from '../src/runtime.ts';
import { createSandboxRuntime } from '../src/sandbox/sandbox-runtime.ts';

const [directory = '', specText = '', guestPort = '7164'] = process.argv.slice(2);
const spec: InstanceSpec = JSON.parse(specText);
const runtime = createSandboxRuntime({
  sandboxes: `${directory}/sandboxes`,
  relay: `${directory}/relay`,
  images: `${directory}/images`,
  guestPort: Number(guestPort),
  listImages: async () => [],
  log: pino({ level: 'warn' }),
});
const signal = AbortSignal.timeout(3_600_000);
runtime.watch((id) => process.stdout.write(`ended ${id}\n`), signal);
try {
  await runtime.create(spec, { fence: 1, signal });
  await runtime.start(spec, { fence: 1, jobId: 'job-1', signal });
  process.stdout.write('started\n');
} catch (error) {
  if (!(error instanceof TidepoolError)) throw error;
  process.stdout.write(`failed ${error.code}\n`);
  process.exitCode = 1;
}
