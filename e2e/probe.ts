/** Which addresses answer: tried from inside a workspace, from the host, and from where there is no wall. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { networkCommand } from '../packages/runtime/src/sandbox/network-command.ts';
import { exec, type Ran, run } from './inside.ts';
import type { Tidepool } from './tidepool.ts';

export type Target =
  | { readonly protocol: 'tcp' | 'udp'; readonly host: string; readonly port: number }
  | { readonly protocol: 'unix'; readonly path: string };

/** Which of the targets a process in the workspace reaches, and what the others come to. */
export async function probe(tidepool: Tidepool, name: string, targets: readonly Target[]): Promise<Probed> {
  return probed(targets, await exec(tidepool, name, ['/opt/tidepool/bin/node', ...probeArguments(targets)]));
}

export interface Probed {
  /** `tcp 127.0.0.1 80` and the like. */
  readonly reached: readonly string[];
  readonly refused: readonly string[];
}

export async function probeFromHost(targets: readonly Target[]): Promise<Probed> {
  return probed(targets, await run(process.execPath, probeArguments(targets)));
}

/** The same probe by a process of the host in the network of another one. */
export async function probeInNetwork(pid: number, targets: readonly Target[]): Promise<Probed> {
  const argv = [`--net=/proc/${pid}/ns/net`, process.execPath, ...probeArguments(targets)];
  return probed(targets, await run('nsenter', argv));
}

/** The same probe in a network made as a workspace's is, but for the wall. */
export async function probeUnwalled(guestPort: number, targets: readonly Target[]): Promise<Probed> {
  const command = networkCommand({ guestPort, online: true }, [process.execPath, ...probeArguments(targets)]);
  const user = ['--reuid=tidepool-sandbox', '--regid=tidepool-sandbox', '--clear-groups'];
  return probed(targets, await run('setpriv', [...user, ...command], { cwd: '/' }));
}

/** Arguments of Node, wherever it is run: tries all targets at once, prints per target `answered` or why not. */
function probeArguments(targets: readonly Target[]): string[] {
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

function probed(targets: readonly Target[], { code, stdout, stderr }: Ran): Probed {
  if (code !== 0) throw new Error(`the probe ended with ${code}: ${stderr}`);
  const results: unknown[] = JSON.parse(stdout);
  if (results.length !== targets.length) throw new Error(`asked for ${targets.length} targets, got ${stdout}`);
  const having = (answered: boolean) =>
    targets.filter((_, index) => (results[index] === 'answered') === answered).map(nameOf);
  return { reached: having(true), refused: having(false) };
}

function nameOf(target: Target): string {
  return target.protocol === 'unix' ? `unix ${target.path}` : `${target.protocol} ${target.host} ${target.port}`;
}

export const tcp = (host: string, port: number) => ({ protocol: 'tcp', host, port }) as const;

export function both(host: string, ports: readonly number[]): Target[] {
  return ports.flatMap((port) => [tcp(host, port), { protocol: 'udp', host, port }]);
}

/** A server on every address of the host, that answers TCP and UDP and counts both. */
export async function listenEverywhere() {
  let seen = 0;
  const stream = createServer((socket) => {
    seen += 1;
    socket.on('error', () => {}).end('echo');
  });
  // '::' takes IPv4 too; every name of it is the same port.
  await once(stream.listen(0, '::'), 'listening');
  const address = stream.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const datagram = createSocket('udp6').on('message', (data, { port, address: from }) => {
    seen += 1;
    datagram.send(data, port, from);
  });
  await once(datagram.bind(address.port, '::'), 'listening');
  const addresses = Object.entries(networkInterfaces()).flatMap(([name, all = []]) =>
    all.map(({ address: one }) => (one.startsWith('fe80') ? `${one}%${name}` : one)),
  );
  return {
    port: address.port,
    addresses: new Set(addresses),
    seen: () => seen,
    close() {
      stream.close();
      datagram.close();
    },
  };
}
