/** What a test does inside a workspace: commands by `tidepool exec`, small servers that go on after it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import WebSocket from 'ws';
import type { Tidepool } from './tidepool.ts';
import { until } from './tidepool.ts';

const root = new URL('..', import.meta.url).pathname;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `tidepool exec NAME -- COMMAND…`, with `input` as its standard input. */
export async function exec(tidepool: Tidepool, name: string, command: readonly string[], input = ''): Promise<Ran> {
  return run(process.execPath, ['packages/cli/src/main.ts', 'exec', name, '--', ...command], {
    cwd: root,
    env: tidepool.env,
    input,
  });
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export async function run(
  file: string,
  args: readonly string[],
  { cwd, env = {}, input = '' }: RunOptions = {},
): Promise<Ran> {
  const child = spawn(file, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: 'pipe',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  // A command that ended before it read its input is no failure of the test.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject));
  return { code, stdout, stderr };
}

/** Python's file server in the project folder, on the workspace's own 127.0.0.1. */
export async function serveProject(tidepool: Tidepool, name: string, port: number): Promise<void> {
  await inBackground(tidepool, name, ['python3', '-m', 'http.server', '--bind', '127.0.0.1', String(port)]);
}

/** A WebSocket server that gives each connection a shell of its own: what it is sent runs, what that prints comes back. */
export async function serveShells(tidepool: Tidepool, name: string, port: number): Promise<void> {
  const script = `
    const { WebSocketServer } = require('/opt/tidepool/lib/node_modules/ws');
    const { spawn } = require('node:child_process');
    new WebSocketServer({ host: '127.0.0.1', port: ${port} }).on('connection', (socket) => {
      const shell = spawn('bash', ['--norc']);
      shell.stdout.on('data', (data) => socket.send(data.toString()));
      socket.on('message', (data) => shell.stdin.write(data + '\\n'));
      socket.on('close', () => shell.kill());
    });`;
  await inBackground(tidepool, name, ['/opt/tidepool/bin/node', '-e', script]);
}

export interface Terminal {
  /** Sends a line and gives the first line that comes back; rejects where the socket closes first. */
  ask(line: string): Promise<string>;
  closed(): boolean;
  close(): void;
}

/** A WebSocket to a shell of `serveShells`. */
export async function openTerminal({ authorization }: Tidepool, url: string): Promise<Terminal> {
  const socket = new WebSocket(url.replace('http:', 'ws:'), { headers: { authorization } });
  await once(socket, 'open');
  return {
    async ask(line) {
      const over = new AbortController();
      const gone = once(socket, 'close', over).then(() => Promise.reject(new Error(`closed when asked ${line}`)));
      const answer = once(socket, 'message', over);
      socket.send(line);
      try {
        return String((await Promise.race([answer, gone]))[0]).trim();
      } finally {
        over.abort();
        for (const left of [gone, answer]) left.catch(() => {});
      }
    },
    closed: () => socket.readyState !== WebSocket.OPEN,
    close: () => socket.close(),
  };
}

/** Answers TCP and UDP on one port, until the workspace stops. */
export async function serveEcho(tidepool: Tidepool, name: string, host: string, port: number): Promise<void> {
  const script = `
    require('node:net').createServer((socket) => socket.end('echo')).listen(${port}, '${host}');
    const udp = require('node:dgram').createSocket('${host.includes(':') ? 'udp6' : 'udp4'}');
    udp.on('message', (data, { port, address }) => udp.send(data, port, address)).bind(${port}, '${host}');`;
  await inBackground(tidepool, name, ['/opt/tidepool/bin/node', '-e', script]);
}

/** From now on the editor hears nothing, SIGTERM included; the machine goes on. */
export async function freezeEditor(tidepool: Tidepool, name: string): Promise<void> {
  const script = `
    for process in /proc/[0-9]*; do
      case "$(tr '\\0' ' ' < $process/cmdline)" in
        /opt/tidepool/bin/node*editor.cjs*) kill -STOP "\${process#/proc/}" && echo frozen ;;
      esac
    done`;
  const { stdout, stderr } = await exec(tidepool, name, ['bash', '-c', script]);
  if (!stdout.includes('frozen')) throw new Error(`the editor was not frozen: ${stdout}${stderr}`);
}

async function inBackground(tidepool: Tidepool, name: string, command: readonly string[]): Promise<void> {
  const { code, stderr } = await exec(tidepool, name, [
    'bash',
    '-c',
    'setsid "$@" </dev/null >/dev/null 2>&1 &',
    'background',
    ...command,
  ]);
  if (code !== 0) throw new Error(`could not start ${command[0]}: ${stderr}`);
}

/** Registers a port and waits until what listens there answers through Caddy. */
export async function publish(tidepool: Tidepool, name: string, port: number, path = ''): Promise<string> {
  await tidepool.api('addPort', { params: { id: name }, body: { port } });
  const url = `${tidepool.workspaceOrigin}/workspace/${name}/port/${port}/${path}`;
  await until(`port ${port} of ${name}`, async () => {
    const { status } = await fetch(url, { headers: { authorization: tidepool.authorization } });
    return status < 500 && status !== 404;
  });
  return url;
}
