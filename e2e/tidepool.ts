/**
 * A whole Tidepool for a test: `tidepool up` with a home and ports of its own, real parts throughout. Two of them run
 * side by side without touching each other.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Accepted, type Client, createClient, type Job, type Workspace } from '@tidepool/core';

const root = new URL('..', import.meta.url).pathname;

/** Milliseconds that it has to end in order when a test is over. */
const patienceToEnd = 60_000;

export interface Tidepool {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly ports: {
    readonly app: number;
    readonly workspace: number;
    readonly api: number;
    readonly queue: number;
    readonly guest: number;
  };
  readonly appOrigin: string;
  readonly workspaceOrigin: string;
  readonly user: string;
  readonly password: string;
  /** `Basic …` */
  readonly authorization: string;
  readonly api: Client;
  /** Everything `up` printed so far. */
  printed(): string;
  /** Pids of the processes of this home whose command line contains `part`. */
  pids(part: string): Promise<number[]>;
  /** Ctrl-C, and waits for the end. */
  stop(): Promise<number | null>;
  /** kill -9 of the supervisor (and of what started it), not of its children; waits for its end. */
  killSupervisor(): Promise<void>;
  /** Starts it again on the same home; `env` over what it was started with. */
  startAgain(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Ends whatever runs and removes the home. */
  dispose(): Promise<void>;
}

export interface TidepoolOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The command that starts it; `up` of this checkout unless told otherwise. */
  readonly command?: { readonly file: string; readonly args: readonly string[]; readonly cwd: string };
  /** Seconds to the printed address. */
  readonly patience?: number;
}

export async function startTidepool(options: TidepoolOptions = {}): Promise<Tidepool> {
  const home = await mkdtemp('/tmp/tp-');
  await chmod(home, 0o711);
  const [app, workspace, api, queue, guest] = await freePorts(5);
  if (!app || !workspace || !api || !queue || !guest) throw new Error('no free ports');
  const ports = { app, workspace, api, queue, guest };
  const env: Record<string, string> = {
    TIDEPOOL_HOME: home,
    TIDEPOOL_APP_PORT: String(app),
    TIDEPOOL_WORKSPACE_PORT: String(workspace),
    TIDEPOOL_API_PORT: String(api),
    TIDEPOOL_QUEUE_PORT: String(queue),
    TIDEPOOL_GUEST_PORT: String(guest),
    ...options.env,
  };
  const password = 'correct horse';
  env.TIDEPOOL_PASSWORD ??= password;
  const command = options.command ?? { file: process.execPath, args: ['packages/cli/src/main.ts', 'up'], cwd: root };
  const authorization = `Basic ${Buffer.from(`tidepool:${env.TIDEPOOL_PASSWORD}`).toString('base64')}`;
  const appOrigin = `http://localhost:${app}`;

  let running: Running | null = null;
  async function startAgain(changed: Readonly<Record<string, string>> = {}): Promise<void> {
    running = start(command, { ...env, ...changed });
    await addressPrinted(running, options.patience ?? 120);
  }
  // Ctrl-C reaches the whole foreground group, as in a terminal.
  const stop = async (): Promise<number | null> => {
    if (running?.child.pid === undefined) return null;
    if (running.child.exitCode === null && running.child.signalCode === null) {
      process.kill(-running.child.pid, 'SIGINT');
    }
    return ended();
  };
  const ended = async (): Promise<number | null> => {
    const code = (await running?.ended) ?? null;
    running = null;
    return code;
  };

  const tidepool: Tidepool = {
    home,
    env,
    ports,
    appOrigin,
    workspaceOrigin: `http://localhost:${workspace}`,
    user: 'tidepool',
    password: env.TIDEPOOL_PASSWORD,
    authorization,
    api: createClient({ baseUrl: appOrigin, headers: { authorization } }),
    printed: () => running?.output() ?? '',
    pids: (part) => pidsOf(home, part),
    stop,
    async killSupervisor() {
      for (const pid of await pidsOf(home, 'packages/cli/src/main.ts\0up')) process.kill(pid, 'SIGKILL');
      await ended();
    },
    startAgain,
    async dispose() {
      await Promise.race([stop(), sleep(patienceToEnd, undefined, { ref: false })]);
      // What one that is killed starts in that moment is there when we look again.
      await until('its processes to be gone', async () => {
        const left = await pidsOf(home, '');
        for (const pid of left) killQuietly(pid);
        return left.length === 0;
      });
      await rm(home, { recursive: true, force: true, maxRetries: 10 });
    },
  };
  try {
    await startAgain();
  } catch (error) {
    await tidepool.dispose();
    throw error;
  }
  return tidepool;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output(): string;
}

function start(command: NonNullable<TidepoolOptions['command']>, env: Readonly<Record<string, string>>): Running {
  let output = '';
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  return { child, ended, output: () => output };
}

async function addressPrinted(running: Running, patience: number): Promise<void> {
  const over = await Promise.race([
    running.ended.then(() => 'ended' as const),
    until(`the printed address`, () => /http:\/\/\S+\/app\//.test(running.output()), patience).then(
      () => 'printed' as const,
      () => 'late' as const,
    ),
  ]);
  if (over === 'printed') return;
  running.child.kill('SIGKILL');
  throw new Error(`tidepool up ${over}:\n${running.output()}`);
}

/** Asks `condition` until it holds. Never a timed assertion: `patience` (seconds) only ends a test that hangs. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  patience = 60,
): Promise<Exclude<T, false | null | undefined | 0>> {
  const deadline = Date.now() + patience * 1000;
  let last: unknown;
  for (;;) {
    try {
      const result = await condition();
      if (result) return result as Exclude<T, false | null | undefined | 0>;
      last = result;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline)
      throw new Error(
        `waited ${patience} s for ${what}; last: ${last instanceof Error ? last.stack : JSON.stringify(last)}`,
      );
    await sleep(25);
  }
}

/** The job of an accepted change, once it has ended. */
export async function finished(tidepool: Tidepool, { job }: { readonly job: Job }, patience = 120): Promise<Job> {
  return until(
    `job ${job.kind} to end`,
    async () => {
      const now = await tidepool.api('getJob', { params: { id: job.id } });
      return now.finishedAt === null ? null : now;
    },
    patience,
  );
}

export async function createRunning(tidepool: Tidepool, name: string): Promise<Workspace> {
  const accepted: Accepted = await tidepool.api('createWorkspace', { body: { name, memoryMiB: 512 } });
  const job = await finished(tidepool, accepted);
  if (job.status !== 'succeeded') throw new Error(`create ${name}: ${JSON.stringify(job)}`);
  return tidepool.api('getWorkspace', { params: { id: name } });
}

/** Below those that the kernel gives to connections: nothing but what asks for them by number takes them in the meantime. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.on('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Found by the home in their environment or command line, so that no other Tidepool's are touched. */
async function pidsOf(home: string, part: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    const [commandLine, environment] = await Promise.all([
      read(`/proc/${entry}/cmdline`),
      read(`/proc/${entry}/environ`),
    ]);
    if (commandLine.includes(part) && (commandLine.includes(home) || environment.includes(`=${home}`)))
      found.push(Number(entry));
  }
  return found;
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
