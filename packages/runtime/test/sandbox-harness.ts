/** A home with real sandboxes for tests, with a light stand-in for the editor: a shell script that serves HTTP by socat. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RouteTarget } from '@tidepool/core';
import { pino } from 'pino';
import type { InstanceSpec, Runtime } from '../src/runtime.ts';
import { liveRun } from '../src/sandbox/run-record.ts';
import type { SandboxOptions } from '../src/sandbox/sandbox-home.ts';
import { createSandboxRuntime } from '../src/sandbox/sandbox-runtime.ts';
import { ensureSandboxUser } from '../src/sandbox/sandbox-user.ts';

export const signal = AbortSignal.timeout(3_600_000);
export const at = (fence: number) => ({ fence, signal });
export const job = (fence: number, jobId = 'job-1') => ({ fence, jobId, signal });

/** Answers any request on 127.0.0.1:`port` with 200 and `ok`. */
const server = (port: number) =>
  `exec socat TCP-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr EXEC:/opt/tidepool/bin/answer`;
const answer = `#!/bin/sh
while read -r line && [ \${#line} -gt 1 ]; do :; done
printf 'HTTP/1.0 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok'
`;

export interface SandboxHarness {
  readonly directory: string;
  readonly sandboxes: string;
  readonly logDirectory: string;
  readonly uid: number;
  open(changes?: Partial<SandboxOptions>): Runtime;
  spec(changes?: Partial<InstanceSpec>): InstanceSpec;
  /** Creates and starts one. */
  started(changes?: Partial<InstanceSpec>): Promise<InstanceSpec>;
  run(id: string, command: readonly string[]): Promise<{ code: number; out: string; err: string }>;
  serve(id: string, port: number): Promise<void>;
  socket(target: RouteTarget): string;
  get(target: RouteTarget, path?: string): Promise<number | null>;
  end(id: string): Promise<void>;
  close(): Promise<void>;
}

export async function openSandboxHarness(options: { image?: string } = {}): Promise<SandboxHarness> {
  if (process.getuid?.() === 0) chmodSync('/dev/net/tun', 0o666);
  const { uid } = await ensureSandboxUser();
  const directory = mkdtempSync('/tmp/tp-');
  chmodSync(directory, 0o711);
  const path = (name: string) => join(directory, name);
  const tree = path('images/workspace-stand1in');
  if (options.image === undefined) makeImage(tree);
  const runtimes: Runtime[] = [];
  const ids = new Set<string>();

  const open = (changes: Partial<SandboxOptions> = {}) => {
    const runtime = createSandboxRuntime({
      sandboxes: path('sandboxes'),
      relay: path('relay'),
      images: options.image ?? path('images'),
      guestPort: 7164,
      listImages: async () => [
        { name: 'workspace', version: 'stand1in', builtAt: '2026-01-01T00:00:00.000Z', sizeMiB: 1, current: true },
      ],
      log: pino({ level: 'silent' }),
      ...changes,
    });
    runtimes.push(runtime);
    return runtime;
  };
  const runtime = open();
  const socket = (target: RouteTarget) => {
    if (target.kind !== 'unix') throw new Error('the sandbox gives unix targets');
    return path(`relay/${target.instance}/${target.port}.sock`);
  };
  const harness: SandboxHarness = {
    directory,
    sandboxes: path('sandboxes'),
    logDirectory: path('logs'),
    uid,
    open,
    spec(changes = {}) {
      const id = changes.id ?? crypto.randomUUID();
      ids.add(id);
      const sizes = { cpus: 2, memoryMiB: 1024, diskGiB: 20 };
      return {
        id,
        name: 'web-app',
        image: 'workspace@stand1in',
        ...sizes,
        logDirectory: path(`logs/${id}`),
        ...changes,
      };
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
      const command = ['setsid', '--fork', 'sh', '-c', `${server(port)} </dev/null >/dev/null 2>&1`];
      const { code, err } = await harness.run(id, command);
      if (code !== 0) throw new Error(err);
    },
    socket,
    get: (target, requestPath = '/') => getSocket(socket(target), requestPath),
    async end(id) {
      const run = liveRun(path(`sandboxes/${id}/state`), uid);
      if (run !== null) process.kill(run.pid, 'SIGKILL');
    },
    async close() {
      for (const { id } of await runtime.list(signal)) ids.add(id);
      for (const id of ids) {
        await runtime.stop(id, at(1_000_000));
        await runtime.remove(id, at(1_000_000));
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return harness;
}

/** A command on the host, for tests. */
export async function host(
  argv: readonly string[],
  input = '',
): Promise<{ code: number | null; out: string; err: string }> {
  const [program = '', ...rest] = argv;
  const child = spawn(program, rest);
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const exit = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, out, err };
}

export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 30_000,
): Promise<void> {
  for (const end = performance.now() + limitMs; !(await condition()); await sleep(20)) {
    if (performance.now() > end) throw new Error(`not so after ${limitMs} ms: ${what}`);
  }
}

/** Processes of the host whose command line has `text`. */
export async function processesWith(text: string): Promise<string[]> {
  const { out } = await host(['ps', '-eo', 'pid=,args=']);
  return out.split('\n').filter((line) => line.includes(text));
}

export function readLog(spec: InstanceSpec): string {
  return readFileSync(join(spec.logDirectory, 'instance.log'), 'utf8');
}

function makeImage(tree: string): void {
  mkdirSync(join(tree, 'bin'), { recursive: true });
  writeFileSync(join(tree, 'manifest.json'), '{}');
  writeFileSync(join(tree, 'bin/node'), `#!/bin/sh\necho "editor: $*"\n${server(8080)}\n`, { mode: 0o755 });
  writeFileSync(join(tree, 'bin/answer'), answer, { mode: 0o755 });
}

function getSocket(socketPath: string, path: string): Promise<number | null> {
  return new Promise((resolve) => {
    const sent = request({ socketPath, path, timeout: 10_000 }, (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    });
    sent.on('error', () => resolve(null));
    sent.end();
  });
}
