/** A home with the Tart runtime over the double of its command line, for tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { RouteTarget } from '@tidepool/core';
import { pino } from 'pino';
import { expect } from 'vitest';
import type { RuntimeHarness } from '../src/contract.ts';
import type { InstanceSpec, Runtime } from '../src/runtime.ts';
import type { TartRuntimeOptions } from '../src/tart/tart-home.ts';
import { createTartRuntime } from '../src/tart/tart-runtime.ts';
import { addMachine, allMachines, type Machine, runner } from './tart-double/machines.ts';
import { type DoubleSteering, steerDouble } from './tart-double/steering.ts';

export const signal = AbortSignal.timeout(3_600_000);
export const at = (fence: number) => ({ fence, signal });
export const job = (fence: number, jobId = 'job-1') => ({ fence, jobId, signal });
export const refusal = (code: string) => expect.objectContaining({ code });

const double = fileURLToPath(new URL('tart-double/tart.ts', import.meta.url));

export interface TartHarness extends RuntimeHarness {
  readonly directory: string;
  readonly options: TartRuntimeOptions;
  open(changes?: Partial<TartRuntimeOptions>): Runtime;
  steer(wanted: DoubleSteering): void;
  spec(changes?: Partial<InstanceSpec>): InstanceSpec;
  started(runtime: Runtime, changes?: Partial<InstanceSpec>): Promise<InstanceSpec>;
  run(runtime: Runtime, id: string, command: readonly string[]): Promise<{ code: number; out: string; err: string }>;
  /** The double's machines whose names hold `part`. */
  machines(part: string): Machine[];
}

export async function openTartHarness(): Promise<TartHarness> {
  const directory = mkdtempSync('/tmp/tp-');
  const path = (name: string) => join(directory, name);
  const tartHome = path('dot-tart');
  mkdirSync(path('bin'));
  const program = path('bin/tart');
  // The runtime gives it a short environment of its own.
  const env = `NODE_COMPILE_CACHE='${process.env.NODE_COMPILE_CACHE ?? ''}'`;
  writeFileSync(program, `#!/bin/sh\n${env} exec '${process.execPath}' '${double}' "$@"\n`, { mode: 0o755 });
  addMachine(tartHome, 'tidepool-image-workspace-7');
  const log = pino({ level: 'silent' });
  const options = { directory: path('tart'), program, tartHome, image: null, log };
  const open = (changes: Partial<TartRuntimeOptions> = {}) => createTartRuntime({ ...options, ...changes });
  const machines = (part: string) => allMachines(tartHome).filter(({ name }) => name.includes(part));
  const pidOf = async (id: string) => {
    const [machine] = machines(id);
    return machine === undefined ? null : runner(machine);
  };

  const harness: TartHarness = {
    directory,
    options,
    logDirectory: path('logs'),
    open,
    machines,
    steer: (wanted) => steerDouble(tartHome, wanted),
    spec(changes = {}) {
      const id = changes.id ?? crypto.randomUUID();
      const sizes = { cpus: 2, memoryMiB: 1024, diskGiB: 20 };
      return { id, name: 'web-app', image: 'workspace@7', ...sizes, logDirectory: path(`logs/${id}`), ...changes };
    },
    async started(runtime, changes) {
      const spec = harness.spec(changes);
      await runtime.create(spec, at(1));
      await runtime.start(spec, job(1));
      return spec;
    },
    async run(runtime, id, command) {
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      const outputs = Promise.all([text(stdout), text(stderr)]);
      const code = await runtime.exec(id, command, { stdin: null, stdout, stderr }, signal);
      stdout.end();
      stderr.end();
      const [out, err] = await outputs;
      return { code, out, err };
    },
    async serve(id, port) {
      // The guest has no network of its own: what a real one forwards to its 127.0.0.1 is its address here.
      const server = `require("node:http").createServer((_, r) => r.end("ok")).listen(${port}, "${machines(id)[0]?.address}")`;
      const command = `exec </dev/null >/dev/null 2>&1; exec "${process.execPath}" -e '${server}'`;
      const { code, err } = await harness.run(open(), id, ['setsid', '--fork', 'sh', '-c', command]);
      if (code !== 0) throw new Error(err);
    },
    get: getTarget,
    async end(id) {
      const pid = await pidOf(id);
      if (pid !== null) process.kill(pid, 'SIGKILL');
    },
    async close() {
      for (const machine of allMachines(tartHome)) {
        const pid = await runner(machine);
        if (pid !== null) process.kill(pid, 'SIGKILL');
      }
      rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
    },
  };
  return harness;
}

export async function getTarget(target: RouteTarget): Promise<number | null> {
  if (target.kind !== 'tcp') throw new Error('Tart gives tcp targets');
  const answer = await fetch(`http://${target.host}:${target.port}/`).catch(() => null);
  return answer?.status ?? null;
}
