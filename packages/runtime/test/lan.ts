/**
 * A little world of network namespaces: `host`, on which the sandboxes run, and `outside`, which is its gateway, its LAN
 * neighbours, its resolver and the internet at once. Nothing of it touches the machine's own network. Needs root.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { host as command, waitFor } from './sandbox-harness.ts';

/** All from ranges for documentation, where they are not private on purpose. */
export const places = {
  host: '203.0.113.10',
  gateway: '203.0.113.1',
  neighbour: '203.0.113.20',
  internet: '198.51.100.80',
  resolver: '10.99.0.53',
  privateBeyond: '10.1.2.3',
  host6: '2001:db8:0:1::10',
  gateway6: '2001:db8:0:1::1',
  internet6: '2001:db8:0:2::80',
  private6: 'fd00:1::5',
} as const;

export interface Lan {
  /** A program in the `host` namespace. */
  onHost(argv: readonly string[]): ChildProcess;
  ip(...argv: string[]): Promise<void>;
  /** Connections and datagrams that arrived outside, and at the host, such as `tcp 7000`. */
  readonly arrivedOutside: string[];
  readonly arrivedAtHost: string[];
  close(): Promise<void>;
}

/** TCP and UDP listen on `port` at every address of `outside`, and on `hostPort` of `host`; DNS answers there with `internet`. */
export async function openLan(port: number, hostPort: number): Promise<Lan> {
  const tag = crypto.randomUUID().slice(0, 6);
  const [host, outside] = [`tph-${tag}`, `tpo-${tag}`];
  const run = async (...argv: string[]) => {
    const { code, err } = await command(argv);
    if (code !== 0) throw new Error(`${argv.join(' ')}: ${err}`);
  };
  const onHostAddress = (family: string, address: string) =>
    run('ip', '-n', host, family, 'addr', 'add', address, 'dev', 'lan', ...dad(family));
  const outsideAddress = (family: string, address: string, device: string) =>
    run('ip', '-n', outside, family, 'addr', 'add', address, 'dev', device, ...dad(family));

  await run('ip', 'netns', 'add', host);
  await run('ip', 'netns', 'add', outside);
  await run('ip', 'link', 'add', 'lan', 'netns', host, 'type', 'veth', 'peer', 'name', 'lan', 'netns', outside);
  await onHostAddress('-4', `${places.host}/24`);
  await onHostAddress('-6', `${places.host6}/64`);
  for (const address of [`${places.gateway}/24`, `${places.neighbour}/24`]) await outsideAddress('-4', address, 'lan');
  await outsideAddress('-6', `${places.gateway6}/64`, 'lan');
  for (const one of [places.internet, places.resolver, places.privateBeyond])
    await outsideAddress('-4', `${one}/32`, 'lo');
  for (const one of [places.internet6, places.private6]) await outsideAddress('-6', `${one}/128`, 'lo');
  for (const [namespace, device] of [host, outside].flatMap((one) => [[one, 'lo'] as const, [one, 'lan'] as const])) {
    await run('ip', '-n', namespace, 'link', 'set', device, 'up');
  }
  await run('ip', '-n', host, '-4', 'route', 'add', 'default', 'via', places.gateway);
  await run('ip', '-n', host, '-6', 'route', 'add', 'default', 'via', places.gateway6);
  // What `ip netns exec` shows as /etc/resolv.conf there.
  mkdirSync(`/etc/netns/${host}`, { recursive: true });
  writeFileSync(`/etc/netns/${host}/resolv.conf`, `nameserver ${places.resolver}\n`);

  const inside = (namespace: string, argv: readonly string[]) =>
    spawn('ip', ['netns', 'exec', namespace, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
  const listener = fileURLToPath(new URL('listener.ts', import.meta.url));
  const children: ChildProcess[] = [];
  const listen = async (namespace: string, ...argv: string[]) => {
    const child = inside(namespace, [process.execPath, listener, ...argv]);
    children.push(child);
    const lines: string[] = [];
    child.stdout?.on('data', (data) => lines.push(...String(data).split('\n').filter(Boolean)));
    await waitFor(() => lines.includes('ready'), 'the listener listens');
    return lines;
  };
  const arrivedOutside = await listen(outside, String(port), places.resolver, places.internet);
  const arrivedAtHost = await listen(host, String(hostPort));
  return {
    onHost(argv) {
      const child = inside(host, argv);
      children.push(child);
      return child;
    },
    ip: (...argv) => run('ip', '-n', host, ...argv),
    arrivedOutside,
    arrivedAtHost,
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await run('ip', 'netns', 'del', host);
      await run('ip', 'netns', 'del', outside);
      rmSync(`/etc/netns/${host}`, { recursive: true, force: true });
    },
  };
}

/** An IPv6 address is usable at once only without looking for duplicates. */
function dad(family: string): string[] {
  return family === '-6' ? ['nodad'] : [];
}
