/** The server as the supervisor starts it: a detached process of its own with an IPC channel. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Ask, createAsk } from './ask.ts';
import { proxySecret } from './harness.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly port: number;
  readonly ask: Ask;
  output(): string;
  /** Resolves with `code` or signal. */
  readonly exited: Promise<number | string>;
}

export async function spawnServer(home: string, env: Record<string, string> = {}): Promise<ServerProcess> {
  const port = await freePort();
  const started = spawnOn(home, port, env);
  await Promise.race([
    waitForReady(started.child),
    started.exited.then((code) => {
      throw new Error(`ended with ${code} before it was ready: ${started.output()}`);
    }),
  ]);
  return started;
}

export function spawnOn(home: string, port: number, env: Record<string, string> = {}): ServerProcess {
  const child = spawn(process.execPath, [main], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH ?? '',
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '',
      TIDEPOOL_HOME: home,
      TIDEPOOL_API_PORT: String(port),
      TIDEPOOL_MEMORY_MIB: '1000000',
      TIDEPOOL_PROXY_SECRET: proxySecret,
      // Nothing listens there: the queue is down.
      TIDEPOOL_QUEUE_URL: 'http://127.0.0.1:1',
      ...env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exited = once(child, 'exit').then(([code, signal]) => code ?? signal);
  return { child, port, ask: createAsk(port, proxySecret), output: () => output, exited };
}

async function waitForReady(child: ChildProcess): Promise<void> {
  for (;;) {
    const [message] = await once(child, 'message');
    if (message?.type === 'ready') return;
  }
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}
