/**
 * A home of its own for tests with real worker processes: the database, the queue and the editors' stub live in the test's
 * process, workers are started and killed as they would be by `tidepool up`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createFileRoutes, type Routes } from '@tidepool/caddy';
import { type Action, type Config, type Job, parseConfig, type Workspace } from '@tidepool/core';
import { createStore, type Store } from '@tidepool/db';
import { createSqsQueue, type Queue, startEmbeddedQueue } from '@tidepool/queue';
import { createRuntime, type Runtime } from '@tidepool/runtime';
import { pino } from 'pino';

const workerMain = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const silent = pino({ level: 'silent' });

export interface WorkerProcess {
  readonly pid: number;
  /** What it wrote to stdout, as JSON lines. */
  output(): string;
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void;
  /** The same message that `tidepool up` sends. */
  send(message: { readonly type: 'shutdown'; readonly stopWorkspaces: boolean }): void;
  disconnect(): void;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

export interface WorkerHome {
  readonly directory: string;
  readonly config: Config;
  readonly store: Store;
  readonly queue: Queue;
  /** Of the server behind it. */
  readonly queueEndpoint: string;
  readonly routes: Routes;
  readonly runtime: Runtime;
  /** Starts a worker and waits until it says that it is ready. */
  startWorker(env?: Readonly<Record<string, string>>): Promise<WorkerProcess>;
  /** Accepts the request and sends its message, as the server does. */
  request(kind: Action, name: string): Promise<Job>;
  /** Sends its message, and notes that it was sent. */
  send(job: Job, times?: number): Promise<void>;
  workspace(name: string): Workspace;
  stopQueue(): Promise<void>;
  startQueue(): Promise<void>;
  /** All that are left, suspended ones too. */
  killWorkers(): Promise<void>;
  close(): Promise<void>;
}

export interface WorkerHomeOptions {
  readonly runtime: 'fake' | 'sandbox';
  readonly env?: Readonly<Record<string, string>>;
  /** Of new workspaces; as the runtime has it. */
  readonly image: string;
}

export async function openWorkerHome(options: WorkerHomeOptions): Promise<WorkerHome> {
  const directory = await mkdtemp('/tmp/tp-w-');
  await chmod(directory, 0o711);
  let embedded = await startEmbeddedQueue({ port: 0, log: silent });
  const port = new URL(embedded.endpoint).port;
  const env = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    TIDEPOOL_HOME: directory,
    TIDEPOOL_IMAGES: process.env.TIDEPOOL_IMAGES,
    TIDEPOOL_RUNTIME: options.runtime,
    TIDEPOOL_QUEUE_PORT: port,
    TIDEPOOL_LOG_LEVEL: 'debug',
    TIDEPOOL_MEMORY_MIB: '65536',
    TIDEPOOL_LEASE_SECONDS: '120',
    TIDEPOOL_SWEEP_SECONDS: '0.5',
    TIDEPOOL_RECONCILE_SECONDS: '1',
    TIDEPOOL_PROXY_SECRET: 'x'.repeat(43),
    TIDEPOOL_PASSWORD_HASH: `$2b$10$${'x'.repeat(53)}`,
    ...options.env,
  };
  const config = parseConfig(env, {
    cwd: directory,
    homeDirectory: directory,
    isRoot: process.getuid?.() === 0,
    totalMemoryMiB: Math.floor(totalmem() / 1024 / 1024),
  });
  const store = createStore({
    path: config.paths.database,
    budgetMiB: config.budgetMiB,
    leaseMs: config.intervals.lease,
  });
  const queue = createSqsQueue({ endpoint: embedded.endpoint, log: silent });
  const runtime = await createRuntime(config, silent);
  const workers = new Set<WorkerProcess>();
  const send = async (job: Job, times = 1) => {
    for (let sent = 0; sent < times; sent++) await queue.send(JSON.stringify({ jobId: job.id }));
    store.sent(job.id);
  };

  const killWorkers = async () => {
    for (const worker of workers) {
      worker.kill('SIGKILL');
      await worker.ended;
    }
  };

  return {
    directory,
    config,
    store,
    queue,
    queueEndpoint: embedded.endpoint,
    runtime,
    routes: createFileRoutes({ directory: config.paths.routes, onStray: () => undefined }),
    send,
    async startWorker(more = {}) {
      const worker = spawnWorker({ ...env, ...more });
      workers.add(worker);
      await worker.ready;
      return worker;
    },
    async request(kind, name) {
      const context = { actor: 'user' } as const;
      const input = { name, image: options.image, cpus: 1, memoryMiB: 512, diskGiB: 20 };
      const { job } = kind === 'create' ? store.create(input, context) : store.act(name, kind, context);
      await send(job).catch(() => undefined);
      return job;
    },
    workspace(name) {
      const found = store.workspace(name);
      if (found === null) throw new Error(`there is no workspace ${name}`);
      return found;
    },
    stopQueue: () => embedded.close(),
    async startQueue() {
      embedded = await startEmbeddedQueue({ port: Number(port), log: silent });
    },
    killWorkers,
    async close() {
      await killWorkers();
      queue.close();
      await embedded.close();
      store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function spawnWorker(env: Readonly<Record<string, string | undefined>>): WorkerProcess & { ready: Promise<void> } {
  const child: ChildProcess = spawn(process.execPath, [workerMain], {
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal)),
  );
  const ready = new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    ended.then((how) => reject(new Error(`the worker ended (${how}) before it was ready:\n${output}`)));
  });
  ready.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    output: () => output,
    kill: (signal) => void child.kill(signal),
    send: (message) => void child.send(message),
    disconnect: () => child.disconnect(),
    ended,
    ready,
  };
}

/** Waits for a fact. Generous: the machine may be busy. */
export async function until(what: string, fact: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await fact())) {
    if (Date.now() > end) throw new Error(`not so within ${ms / 1000} s: ${what}`);
    await sleep(2);
  }
}

export function isFinal(store: Store, job: Job): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(store.job(job.id)?.status ?? '');
}

export interface IdeStub {
  readonly port: number;
  /** 200 to anything from now on, or 503. */
  setReady(ready: boolean): void;
  /** What its health check says from now on, in milliseconds since the epoch. */
  setHeartbeat(at: number): void;
  close(): Promise<void>;
}

/** Every editor of a fake runtime. */
export async function startIdeStub(): Promise<IdeStub> {
  let isReady = true;
  let lastHeartbeat = 0;
  const server = createServer(({ url }, response) => {
    response.statusCode = isReady ? 200 : 503;
    response.end(url === '/healthz' ? JSON.stringify({ status: 'alive', lastHeartbeat }) : 'editor');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    setReady(ready) {
      isReady = ready;
    },
    setHeartbeat(at) {
      lastHeartbeat = at;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
