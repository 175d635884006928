/** What the contract's tests work with: a home under test, and instances in it that are cleared away after each test. */
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ability, imageReference, type RouteTarget } from '@tidepool/core';
import { expect } from 'vitest';
import type { InstanceSpec, Runtime } from '../runtime.ts';

/** What of a runtime decides which tests it has: said before anything is opened, and compared with what it says of itself. */
export interface Declared {
  /** Of what one runtime can and another refuses, what this one can. */
  readonly can: readonly OptionalAbility[];
  /** False for the fake, whose instances are names with nothing in them. */
  readonly runsCommands: boolean;
  /** Whether its `usage` tells which ports something listens on. */
  readonly tellsPorts?: boolean;
}

export const optionalAbilities = ['pause', 'snapshot', 'clone', 'console', 'usage'] as const satisfies Ability[];
export type OptionalAbility = (typeof optionalAbilities)[number];

export interface RuntimeHarness {
  /** A new adapter on the home under test, as another worker would open it. */
  open(): Runtime;
  readonly logDirectory: string;
  /** Makes something inside listen on 127.0.0.1:`port` that answers any GET with 200. */
  serve(id: string, port: number): Promise<void>;
  /** GET / of a target: its status, null where nothing answers. */
  get(target: RouteTarget): Promise<number | null>;
  /** Ends a running instance behind the adapter's back. */
  end(id: string): Promise<void>;
  close(): Promise<void>;
}

export interface ContractBench {
  readonly harness: RuntimeHarness;
  readonly runtime: Runtime;
  /** Such as `workspace@<version>`. */
  readonly image: string;
  spec(changes?: Partial<InstanceSpec>): InstanceSpec;
  /** Creates and starts one, for `job-1` under fence 1. */
  started(): Promise<InstanceSpec>;
  run(id: string, command: readonly string[]): Promise<{ code: number; out: string; err: string }>;
  clear(): Promise<void>;
}

export const signal = AbortSignal.timeout(3_600_000);
export const at = (fence: number) => ({ fence, signal });
export const job = (fence: number, jobId = 'job-1') => ({ fence, jobId, signal });
export const refusal = (code: string) => expect.objectContaining({ code });

export async function openBench(harness: RuntimeHarness): Promise<ContractBench> {
  const runtime = harness.open();
  const found = (await runtime.images(signal)).find(({ current }) => current);
  if (found === undefined) throw new Error('the harness has no image');
  const image = imageReference(found);
  const made = new Set<string>();

  const spec = (changes: Partial<InstanceSpec> = {}): InstanceSpec => {
    const id = crypto.randomUUID();
    made.add(id);
    const logDirectory = `${harness.logDirectory}/${id}`;
    return { id, name: 'web-app', image, cpus: 2, memoryMiB: 1024, diskGiB: 20, logDirectory, ...changes };
  };
  return {
    harness,
    runtime,
    image,
    spec,
    async started() {
      const wanted = spec();
      await runtime.create(wanted, at(1));
      await runtime.start(wanted, job(1));
      return wanted;
    },
    async run(id, command) {
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      const outputs = Promise.all([text(stdout), text(stderr)]);
      const code = await runtime.exec(id, command, { stdin: null, stdout, stderr }, signal);
      stdout.end();
      stderr.end();
      const [out, err] = await outputs;
      return { code, out, err };
    },
    async clear() {
      for (const id of made) {
        await runtime.stop(id, at(1_000_000));
        await runtime.remove(id, at(1_000_000));
      }
      made.clear();
    },
  };
}

/** Waits for a condition; the limit is generous because it only matters to a test that fails. */
export async function until(condition: () => Promise<boolean>, limitMs = 30_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not so after ${limitMs} ms: ${condition}`);
    await sleep(20);
  }
}
