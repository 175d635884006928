/** What a test does inside a workspace: commands by `tidepool exec`, small servers that go on after it. */
import { spawn } from 'node:child_process';
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

/** Answers TCP and UDP on one port, until the workspace stops. */
export async function serveEcho(tidepool: Tidepool, name: string, host: string, port: number): Promise<void> {
  const script = `
    require('node:net').createServer((socket) => socket.end('echo')).listen(${port}, '${host}');
    const udp = require('node:dgram').createSocket('${host.includes(':') ? 'udp6' : 'udp4'}');
    udp.on('message', (data, { port, address }) => udp.send(data, port, address)).bind(${port}, '${host}');`;
  await inBackground(tidepool, name, ['/opt/tidepool/bin/node', '-e', script]);
}

export type Target =
  | { readonly protocol: 'tcp' | 'udp'; readonly host: string; readonly port: number }
  | { readonly protocol: 'unix'; readonly path: string };

/** For Node wherever it is run: tries all targets at once, prints per target `answered` or why not. */
export function probeArguments(targets: readonly Target[]): string[] {
  const script = `
    const stream = (target) => new Promise((resolve) => {
      const socket = require('node:net').connect({ ...target, timeout: 2000 });
      const end = (result) => { socket.destroy(); resolve(result); };
      socket.on('connect', () => end('answered')).on('error', ({ code }) => end(code)).on('timeout', () => end('silent'));
    });
    const datagram = ({ host, port }) => new Promise((resolve) => {
      const socket = require('node:dgram').createSocket(host.includes(':') ? 'udp6' : 'udp4');
      const end = (result) => { clearTimeout(timer); socket.close(); resolve(result); };
      const timer = setTimeout(() => end('silent'), 2000);
      socket.on('message', () => end('answered')).on('error', ({ code }) => end(code));
      socket.connect(port, host, (error) => { if (error) end(error.code); else socket.send('echo'); });
    });
    const probe = ({ protocol, ...target }) => protocol === 'udp' ? datagram(target) : stream(target);
    Promise.all(JSON.parse(process.argv[1]).map(probe)).then((results) => console.log(JSON.stringify(results)));`;
  return ['-e', script, JSON.stringify(targets)];
}

/** Which of the targets a process in the workspace reaches, and what the others come to. */
export async function probe(tidepool: Tidepool, name: string, targets: readonly Target[]): Promise<Probed> {
  return probed(targets, await exec(tidepool, name, ['/opt/tidepool/bin/node', ...probeArguments(targets)]));
}

export interface Probed {
  /** `tcp 127.0.0.1 80` and the like. */
  readonly reached: readonly string[];
  readonly refused: readonly string[];
}

export function probed(targets: readonly Target[], { code, stdout, stderr }: Ran): Probed {
  if (code !== 0) throw new Error(`the probe ended with ${code}: ${stderr}`);
  const results: unknown[] = JSON.parse(stdout);
  if (results.length !== targets.length) throw new Error(`asked for ${targets.length} targets, got ${stdout}`);
  const having = (answered: boolean) =>
    targets.filter((_, index) => (results[index] === 'answered') === answered).map(nameOf);
  return { reached: having(true), refused: having(false) };
}

export function nameOf(target: Target): string {
  return target.protocol === 'unix' ? `unix ${target.path}` : `${target.protocol} ${target.host} ${target.port}`;
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
