/** The `tidepool` command as a process, on a home and ports of its own, for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Client, createClient } from '@tidepool/core';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface Place {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly ports: { readonly app: number; readonly workspace: number; readonly queue: number };
  /** Everything that runs on this home, sandboxes too: looked for, not taken from what was noted. */
  processes(): number[];
  credentials(): { readonly user: string; readonly password: string };
  /** Through Caddy, with the password that up made unless told. */
  api(password?: string): Client;
  /** By the supervisor's own record. */
  recorded(): Record<string, number>;
  /** Ends all of them and removes the home. */
  clear(): Promise<void>;
}

export async function makePlace(env: Readonly<Record<string, string>> = {}): Promise<Place> {
  const directory = mkdtempSync('/tmp/tp-');
  chmodSync(directory, 0o711);
  const home = join(directory, 'home');
  const [app = 0, workspace = 0, api = 0, guest = 0, queue = 0] = await freePorts(5);
  const processes = () => processesOf(home);
  const credentials = () => JSON.parse(readFileSync(join(home, 'credentials.json'), 'utf8'));
  return {
    home,
    ports: { app, workspace, queue },
    env: {
      PATH: process.env.PATH ?? '',
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '',
      HOME: directory,
      TIDEPOOL_HOME: home,
      TIDEPOOL_RUNTIME: 'fake',
      TIDEPOOL_APP_PORT: String(app),
      TIDEPOOL_WORKSPACE_PORT: String(workspace),
      TIDEPOOL_API_PORT: String(api),
      TIDEPOOL_GUEST_PORT: String(guest),
      TIDEPOOL_QUEUE_PORT: String(queue),
      ...env,
    },
    processes,
    credentials,
    api(password = credentials().password) {
      const authorization = `Basic ${Buffer.from(`tidepool:${password}`).toString('base64')}`;
      return createClient({ baseUrl: `http://localhost:${app}`, headers: { authorization } });
    },
    recorded() {
      const record: Record<string, { pid: number }> = JSON.parse(
        readFileSync(join(home, 'run/processes.json'), 'utf8'),
      );
      return Object.fromEntries(Object.entries(record).map(([name, { pid }]) => [name, pid]));
    },
    async clear() {
      while (processes().length > 0) {
        for (const pid of processes()) {
          try {
            process.kill(pid, 'SIGKILL');
          } catch (error) {
            // It ended by itself meanwhile.
            if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
          }
        }
        await sleep(20);
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export interface Running {
  readonly child: ChildProcess;
  /** Both streams, so far. */
  output(): string;
  /** Resolves with its exit code, or the signal that ended it. */
  ended(): Promise<number | string | null>;
}

/** @param prefix what runs it, such as `unshare …` */
export function tidepool(place: Pick<Place, 'env'>, args: readonly string[], prefix: readonly string[] = []): Running {
  const [program = '', ...rest] = [...prefix, process.execPath, main, ...args];
  const child = spawn(program, rest, { env: { ...place.env }, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const closed = once(child, 'close').then(([code, signal]: unknown[]) => code ?? signal);
  return {
    child,
    output: () => output,
    ended: async () => {
      const how = await closed;
      return typeof how === 'number' || typeof how === 'string' ? how : null;
    },
  };
}

/** Runs it to its end. */
export async function tidepoolOnce(place: Pick<Place, 'env'>, args: readonly string[], prefix: readonly string[] = []) {
  const running = tidepool(place, args, prefix);
  running.child.stdin?.end();
  return { code: await running.ended(), output: running.output() };
}

/** Waits until it has printed its address. @throws with its output where it ends before */
export async function up(place: Place): Promise<Running> {
  const running = tidepool(place, ['up']);
  let over = false;
  void running.ended().then(() => {
    over = true;
  });
  await until(() => {
    if (over) throw new Error(`up ended:\n${running.output()}`);
    return running.output().includes('Ctrl-C ends it.');
  });
  return running;
}

/** Asks again until the answer is truthy, for a minute at most. */
export async function until<T>(ask: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (const end = performance.now() + 60_000; ; await sleep(30)) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`it did not come to that within a minute: ${ask}`);
  }
}

/** Ours by their environment; those of a sandbox, which inherit none of it, by what they were called with. */
function processesOf(home: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const isOurs = read(`/proc/${pid}/environ`).split('\0').includes(`TIDEPOOL_HOME=${home}`);
    return isOurs || read(`/proc/${pid}/cmdline`).includes(`${home}/`);
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended while we looked.
    return '';
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
