/**
 * What lies beyond the host, as a network namespace behind a link of its own: neighbours on its networks, and a place of
 * the internet that is reached through one of them. Everything there answers the host, so whoever gets no answer was stopped.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { run } from '../inside.ts';

const number = process.pid % 250;

/** The host's own end first. Private; one that only the host's routes can name; one beyond a gateway (RFC 5737). */
export const places = {
  host: [`10.197.${number}.1`, '198.51.100.1'],
  neighbours: [`10.197.${number}.2`, '198.51.100.2'],
  internet: '203.0.113.7',
} as const;

export interface Outside {
  close(): Promise<void>;
}

/** TCP and UDP are answered on `port` at each of its addresses. */
export async function openOutside(port: number): Promise<Outside> {
  const namespace = `tpo-${process.pid}`;
  const link = `tpo${process.pid}`;
  const inside = (...argv: string[]) => succeed('ip', '-n', namespace, ...argv);
  let server: ChildProcess | null = null;
  const close = async () => {
    server?.kill('SIGKILL');
    // Takes the link and with it the routes and addresses of the host.
    await run('ip', ['link', 'delete', link]);
    await run('ip', ['netns', 'delete', namespace]);
  };
  try {
    await succeed('ip', 'netns', 'add', namespace);
    await succeed('ip', 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'lan', 'netns', namespace);
    for (const address of places.host) await succeed('ip', 'addr', 'add', `${address}/24`, 'dev', link);
    for (const address of places.neighbours) await inside('addr', 'add', `${address}/24`, 'dev', 'lan');
    await inside('addr', 'add', `${places.internet}/32`, 'dev', 'lo');
    await succeed('ip', 'link', 'set', link, 'up');
    for (const device of ['lan', 'lo']) await inside('link', 'set', device, 'up');
    await inside('route', 'add', 'default', 'via', places.host[0]);
    await succeed('ip', 'route', 'add', `${places.internet}/32`, 'via', places.neighbours[0]);
    server = await serve(namespace, port);
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function serve(namespace: string, port: number): Promise<ChildProcess> {
  const script = `
    require('node:net').createServer((socket) => socket.on('error', () => {}).end('echo')).listen(${port}, '::', () => console.log('ready'));
    for (const own of ${JSON.stringify([...places.neighbours, places.internet])}) {
      // One each: an answer comes from the address that was asked.
      const udp = require('node:dgram').createSocket('udp4');
      udp.on('message', (data, { port, address }) => udp.send(data, port, address)).bind(${port}, own);
    }`;
  const server = spawn('ip', ['netns', 'exec', namespace, process.execPath, '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'exit').then(() => Promise.reject(new Error('the server outside ended')));
  ended.catch(() => {});
  await Promise.race([once(server.stdout, 'data'), ended]);
  return server;
}

async function succeed(...[program = '', ...args]: string[]): Promise<void> {
  const { code, stderr } = await run(program, args);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}
