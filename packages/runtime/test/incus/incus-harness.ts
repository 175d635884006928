/**
 * A home on the Incus that `npm run test:incus` has set up, named by INCUS_DIR and TIDEPOOL_INCUS_*, with the image built
 * there. Instances of this home are cleared away at the end.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type IncusConfig, imageReference, parseConfig, type RouteTarget } from '@tidepool/core';
import { pino } from 'pino';
import type { RuntimeHarness } from '../../src/contract.ts';
import { createIncusClient, type IncusClient } from '../../src/incus/client/incus-client.ts';
import type { IncusOptions } from '../../src/incus/incus-home.ts';
import { createIncusRuntime } from '../../src/incus/incus-runtime.ts';
import type { InstanceSpec, Runtime } from '../../src/runtime.ts';

export const signal = AbortSignal.timeout(3_600_000);
export const at = (fence: number) => ({ fence, signal });
export const job = (fence: number, jobId = 'job-1') => ({ fence, jobId, signal });

export interface IncusHarness extends RuntimeHarness {
  readonly config: IncusConfig;
  readonly client: IncusClient;
  readonly directory: string;
  readonly runtime: Runtime;
  open(changes?: Partial<IncusOptions>): Runtime;
  /** Of an instance of its own, in the project. */
  path(id: string, what?: string): string;
  spec(changes?: Partial<InstanceSpec>): InstanceSpec;
  started(changes?: Partial<InstanceSpec>): Promise<InstanceSpec>;
  run(id: string, command: readonly string[]): Promise<{ code: number; out: string; err: string }>;
}

/** The configuration that the test run was given. */
export function incusTestConfig(): { readonly incus: IncusConfig; readonly images: string } {
  const around = { cwd: process.cwd(), homeDirectory: '/root', isRoot: true, totalMemoryMiB: 16_384 };
  const { incus, paths } = parseConfig(process.env, around);
  if (process.env.INCUS_DIR === undefined) throw new Error('INCUS_DIR is not set: run this by `npm run test:incus`');
  return { incus, images: paths.images };
}

export async function openIncusHarness(): Promise<IncusHarness> {
  const { incus: config, images } = incusTestConfig();
  const directory = mkdtempSync('/tmp/tp-');
  chmodSync(directory, 0o711);
  const client = createIncusClient(config.place);
  const options = { config, home: directory, images, log: pino({ level: 'silent' }) };
  const open = (changes: Partial<IncusOptions> = {}) => createIncusRuntime({ ...options, ...changes });
  const runtime = open();
  const image = (await runtime.images(signal)).find(({ current }) => current);
  if (image === undefined) throw new Error('the project has no workspace image');
  const path = (id: string, what = '') => `/1.0/instances/tp-${id}${what}?project=${config.project}`;

  const harness: IncusHarness = {
    config,
    client,
    directory,
    runtime,
    open,
    path,
    logDirectory: join(directory, '.logs'),
    spec(changes = {}) {
      const id = changes.id ?? crypto.randomUUID();
      const sizes = { cpus: 2, memoryMiB: 1024, diskGiB: 20 };
      const logDirectory = join(directory, `.logs/${id}`);
      return { id, name: 'web-app', image: imageReference(image), ...sizes, logDirectory, ...changes };
    },
    async started(changes) {
      const spec = harness.spec(changes);
      await runtime.create(spec, at(1));
      await runtime.start(spec, job(1));
      return spec;
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
    async serve(id, port) {
      const program = `require('http').createServer((_, answer) => answer.end('ok')).listen(${port}, '127.0.0.1')`;
      const command = `exec </dev/null >/dev/null 2>&1; exec node -e "${program}"`;
      const { code, err } = await harness.run(id, ['setsid', '--fork', 'sh', '-c', command]);
      if (code !== 0) throw new Error(err);
    },
    get: (target) => getAddress(target),
    async end(id) {
      const json = { action: 'stop', force: true };
      await client.change({ method: 'PUT', path: path(id, '/state'), json }, signal);
    },
    async close() {
      for (const { id } of await runtime.list(signal)) {
        await runtime.stop(id, at(1_000_000));
        await runtime.remove(id, at(1_000_000));
      }
      await client.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return harness;
}

function getAddress(target: RouteTarget): Promise<number | null> {
  if (target.kind !== 'tcp') throw new Error('Incus gives tcp targets');
  return new Promise((resolve) => {
    const sent = request({ host: target.host, port: target.port, path: '/', timeout: 10_000 }, (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    });
    sent.on('error', () => resolve(null));
    sent.end();
  });
}
