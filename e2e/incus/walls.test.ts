/**
 * The wall around an instance (invariant 6), from both sides: what a workspace reaches of the host, its networks and other
 * workspaces, also with root's rights inside; and who on the host reaches a workspace.
 */
import { readdir } from 'node:fs/promises';
import { isIP } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exec, publish, run, serveEcho, serveProject } from '../inside.ts';
import { both, listenEverywhere, probe, probeFromHost, tcp } from '../probe.ts';
import { createRunning, type Tidepool, until } from '../tidepool.ts';
import { openIncus } from './incus.ts';
import { type Outside, openOutside, places } from './outside.ts';
import { startTidepoolOnIncus } from './tidepool-on-incus.ts';
import { startUnwalled, type Unwalled } from './unwalled.ts';

const incus = openIncus();
let tidepool: Tidepool;
let host: Awaited<ReturnType<typeof listenEverywhere>>;
let outside: Outside;
let unwalled: Unwalled;
beforeAll(async () => {
  // As on an office server: Caddy listens on every address.
  tidepool = await startTidepoolOnIncus(incus, { env: { TIDEPOOL_BIND: '0.0.0.0' } });
  const { id } = await createRunning(tidepool, 'hostile');
  await createRunning(tidepool, 'victim');
  // Behind the start: the wall has to learn of the networks that the host joins.
  host = await listenEverywhere();
  outside = await openOutside(host.port);
  unwalled = await startUnwalled(incus, `tp-${id}`);
});
afterAll(async () => {
  await unwalled?.close();
  await outside?.close();
  host?.close();
  await tidepool?.dispose();
  await incus.client.close();
});

test('from inside, the host, its networks and other workspaces do not answer, and the internet does', async () => {
  await serveEcho(tidepool, 'victim', '127.0.0.1', 5000);
  await serveEcho(tidepool, 'victim', '0.0.0.0', 5001);
  await serveEcho(tidepool, 'hostile', '127.0.0.1', 5002);
  const { gateway, addresses } = await network();
  const victim = addresses.victim;

  // Everything is there to be reached.
  const { app, workspace, api, queue } = tidepool.ports;
  const beyond = [...places.neighbours, places.internet].flatMap((address) => both(address, [host.port]));
  const closed = [
    ...[...places.host, gateway].flatMap((address) => both(address, [host.port])),
    ...[...places.host, gateway].flatMap((address) => [tcp(address, app), tcp(address, workspace)]),
    ...places.neighbours.flatMap((address) => both(address, [host.port])),
  ];
  const ofVictim = [tcp(victim, 8080), tcp(victim, 5000), tcp(victim, 5001)];
  await until('the victim', async () => (await probeFromHost(ofVictim)).refused.length === 0);
  expect((await probeFromHost([...closed, ...beyond])).refused).toEqual([]);
  // By TCP only where one server has many addresses: a datagram's answer comes from the first of them.
  const reached = [...places.host.flatMap((address) => [tcp(address, host.port), tcp(address, app)]), ...beyond];
  expect((await unwalled.probe(reached)).refused, 'without a wall').toEqual([]);
  await until('the prober', async () => {
    return (await probe(tidepool, 'hostile', [tcp('127.0.0.1', 5002)])).refused.length === 0;
  });

  const open = both(places.internet, [host.port]);
  expect((await probe(tidepool, 'hostile', open)).refused, 'the internet').toEqual([]);
  await until('the wall to know the new networks', async () => {
    return (await probe(tidepool, 'hostile', both(places.neighbours[1], [host.port]))).reached.length === 0;
  });

  const all = new Set([...host.addresses, gateway, victim, ...(await seenInside('victim'))]);
  const here = [...all].map((address) => address.replace(/%.*/, '%eth0'));
  const ports = [host.port, app, workspace, api, queue, 22, 80, 5000, 5001, 8080, 8443];
  const own = new Set([...(await seenInside('hostile'))].filter((address) => address !== gateway));
  const targets = [
    ...closed,
    ...here.filter((address) => !isLoopback(address) && !own.has(address)).flatMap((address) => both(address, ports)),
  ];
  const before = host.seen();
  expect((await probe(tidepool, 'hostile', targets)).reached).toEqual([]);
  expect(host.seen(), 'and nothing came through one way').toBe(before);
});

test('of the gateway only the resolver answers', async () => {
  const { gateway } = await network();
  const { stdout } = await exec(tidepool, 'hostile', ['/opt/tidepool/bin/node', '-e', asksResolver(gateway)]);
  expect(stdout.trim(), 'an answer, be it that there is no such name').not.toMatch(/ETIMEOUT|ECONNREFUSED/);
  const ports = Array.from({ length: 1024 }, (_, index) => index + 1).filter((port) => port !== 53);
  const targets = ports.map((port) => tcp(gateway, port));
  expect((await probe(tidepool, 'hostile', targets)).reached).toEqual([]);
});

test('root inside comes no further, nor with another address or another card', async () => {
  const { gateway, prefix, addresses } = await network();
  const asRoot = async (script: string) => {
    const { stdout, stderr } = await exec(tidepool, 'hostile', ['sudo', '-n', 'bash', '-c', script]);
    return `${stdout}${stderr}`.trim();
  };
  const answers = (from: string, to: string, port: number) =>
    `timeout 5 /opt/tidepool/bin/node -e "require('node:net').connect({host:'${to}',port:${port},localAddress:'${from}'})
      .on('connect',()=>{console.log('answered');process.exit()}).on('error',({code})=>{console.log(code);process.exit()})" || echo silent`;
  const { internet } = places;
  expect(await asRoot(answers(addresses.hostile, internet, host.port))).toBe('answered');
  await asRoot('nft flush ruleset; iptables -F 2>/dev/null; true');
  expect(await asRoot(answers(addresses.hostile, addresses.victim, 8080))).not.toBe('answered');
  expect(await asRoot(answers(addresses.hostile, gateway, host.port))).not.toBe('answered');

  const other = another(addresses.victim);
  await asRoot(`ip addr add ${other}/${prefix} dev eth0`);
  expect(await asRoot(answers(other, internet, host.port)), 'with an address of somebody else').not.toBe('answered');
  await asRoot(`ip addr del ${other}/${prefix} dev eth0`);
  await asRoot('ip link set eth0 down && ip link set eth0 address 02:11:22:33:44:55 && ip link set eth0 up');
  await asRoot(`ip route replace default via ${gateway} dev eth0 src ${addresses.hostile}`);
  expect(await asRoot(answers(addresses.hostile, internet, host.port)), 'with another card').not.toBe('answered');
  await expect(asRoot('ls /dev/incus /dev/lxd 2>/dev/null; true'), 'no way to Incus').resolves.toBe('');
});

test('on the host only root and Caddy reach a workspace', async () => {
  await exec(tidepool, 'victim', ['bash', '-c', 'echo "<h1>mine</h1>" > index.html']);
  await serveProject(tidepool, 'victim', 3000);
  await publish(tidepool, 'victim', 3000);
  const { addresses } = await network();
  for (const port of [8080, 3000, 5001]) {
    const command = ['curl', '-s', '-m', '5', '-o', '/dev/null', '-w', '%{http_code} %{errormsg}'];
    const url = `http://${addresses.victim}:${port}/healthz`;
    const asRoot = await run('curl', [...command.slice(1), url]);
    expect(asRoot.stdout, url).not.toMatch(/refused|timed out|denied|prohibited/i);
    const drop = ['--reuid=65534', '--regid=65534', '--clear-groups'];
    const asNobody = await run('setpriv', [...drop, ...command, url], { env: { HOME: '/' } });
    expect(asNobody.stdout, url).toMatch(/^000 .*(refused|timed out|connect)/i);
  }
  const byCaddy = await fetch(`${tidepool.workspaceOrigin}/workspace/victim/port/3000/`, {
    headers: { authorization: tidepool.authorization },
  });
  expect(await byCaddy.text()).toContain('mine');
});

test('nothing of the host is seen inside', async () => {
  const { stdout } = await exec(tidepool, 'hostile', ['sudo', '-n', 'sh', '-c', 'ls / /home; cat /proc/*/cmdline']);
  for (const name of await readdir(tidepool.home)) expect(stdout).not.toContain(`${tidepool.home}/${name}`);
  expect(stdout).not.toContain('incusd');
  expect((await exec(tidepool, 'hostile', ['sudo', '-n', 'mount', '-t', 'proc'])).stdout).not.toContain('/host');
});

interface Network {
  readonly gateway: string;
  readonly prefix: string;
  readonly addresses: Readonly<Record<'hostile' | 'victim', string>>;
}

async function network(): Promise<Network> {
  const of = async (name: string) => {
    const { address } = await tidepool.api('getWorkspace', { params: { id: name } });
    const [, found] = /(\d+\.\d+\.\d+\.\d+)/.exec(address ?? '') ?? [];
    if (found === undefined) throw new Error(`${name} has the address ${address}`);
    return found;
  };
  const { stdout } = await exec(tidepool, 'hostile', ['sh', '-c', 'ip -4 -o addr show eth0; ip -4 route']);
  const [, gateway] = /default via (\S+)/.exec(stdout) ?? [];
  const [, prefix] = /inet \S+\/(\d+)/.exec(stdout) ?? [];
  if (gateway === undefined || prefix === undefined) throw new Error(`no gateway in ${stdout}`);
  return { gateway, prefix, addresses: { hostile: await of('hostile'), victim: await of('victim') } };
}

/** Every address that a program finds inside: its own, its gateways, its resolvers. */
async function seenInside(name: string): Promise<string[]> {
  const { stdout } = await exec(tidepool, name, ['sh', '-c', 'ip addr; ip route; ip -6 route; cat /etc/resolv.conf']);
  return [...stdout.matchAll(/(?:inet6?|via|nameserver) ([0-9a-f.:]+)/g)]
    .map(([, address = '']) => address)
    .filter((address) => isIP(address) !== 0);
}

function asksResolver(server: string): string {
  return `const dns = new (require('node:dns').Resolver)({ timeout: 3000, tries: 2 });
    dns.setServers(['${server}']);
    dns.resolve4('tidepool.invalid', (error, found) => console.log(error?.code ?? found));`;
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** A neighbour's address. */
function another(address: string): string {
  const parts = address.split('.');
  const last = Number(parts[3]);
  return [...parts.slice(0, 3), String(last > 200 ? last - 1 : last + 1)].join('.');
}
