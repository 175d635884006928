/** Invariant 6: what a sandbox reaches of the world. In a world of its own network namespaces, so these tests need root. */
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InstanceSpec } from '../src/runtime.ts';
import { type Lan, openLan, places } from './lan.ts';
import { host, openSandboxHarness, type SandboxHarness, signal, waitFor } from './sandbox-harness.ts';

const [outsidePort, hostPort, guestPort] = [7000, 7001, 7001];
const standIn = fileURLToPath(new URL('worker-stand-in.ts', import.meta.url));

describe('the wall around a sandbox', () => {
  let harness: SandboxHarness;
  let lan: Lan;
  let spec: InstanceSpec;
  let neighbour: InstanceSpec;

  beforeAll(async () => {
    harness = await openSandboxHarness();
    lan = await openLan(outsidePort, hostPort);
    [spec, neighbour] = [harness.spec(), harness.spec({ name: 'neighbour' })];
    for (const one of [spec, neighbour]) await startOnHost(one);
  });
  afterAll(async () => {
    await harness?.close();
    await lan?.close();
  });

  const startOnHost = async (one: InstanceSpec) => {
    const worker = lan.onHost([process.execPath, standIn, harness.directory, JSON.stringify(one), String(guestPort)]);
    let said = '';
    worker.stdout?.on('data', (data) => {
      said += data;
    });
    await waitFor(() => said.includes('started'), 'the sandbox runs');
  };
  const inside = (...command: string[]) => harness.run(spec.id, command);
  /** `open`, or why not. */
  const connect = async (address: string, port: number) => {
    const { code, err } = await inside('timeout', '5', 'bash', '-c', `exec 3<>/dev/tcp/${address}/${port}`);
    return code === 0 ? 'open' : (/Connection refused|unreachable|No route/.exec(err)?.[0] ?? `code ${code}: ${err}`);
  };
  const send = (address: string, port: number, what: string) =>
    inside('bash', '-c', `echo ${what} >/dev/udp/${address}/${port}`);

  test('the internet is reached, by IPv4 and IPv6, TCP and UDP', async () => {
    expect(await connect(places.internet, outsidePort)).toBe('open');
    expect(await connect(places.internet6, outsidePort)).toBe('open');
    await send(places.internet, outsidePort, 'datagram4');
    await send(places.internet6, outsidePort, 'datagram6');
    await waitFor(
      () => ['datagram4', 'datagram6'].every((what) => lan.arrivedOutside.includes(`udp 7000 ${what}`)),
      'UDP',
    );
    expect(lan.arrivedOutside).toContain(`tcp 7000 at ${places.internet}`);
  });

  test("names are resolved by the host's resolver, though that is a private address", async () => {
    const { code, out } = await inside('getent', 'ahostsv4', 'a-name.example');
    expect(code).toBe(0);
    expect(out).toContain(places.internet);
    expect(lan.arrivedOutside).toContain('dns');
  });

  test('the guest API is reached at 127.0.0.1, and is the only port of the host there', async () => {
    expect(await connect('127.0.0.1', guestPort)).toBe('open');
    await waitFor(() => lan.arrivedAtHost.some((line) => line.startsWith('tcp')), 'the guest API was asked');
    expect(await connect('127.0.0.1', 22)).toMatch('refused');
    lan.arrivedAtHost.length = 0;
  });

  test.each([
    ['its own public address', places.host, hostPort],
    ['its own public IPv6 address', places.host6, hostPort],
  ])("the host is not reached at %s: there is the sandbox's own", async (_, address, port) => {
    expect(await connect(address, port)).toMatch('refused');
    await send(address, port, 'smuggled');
    expect(lan.arrivedAtHost).toEqual([]);
  });

  test.each([
    ['the gateway', places.gateway],
    ['the gateway by IPv6', places.gateway6],
    ['a neighbour on a public LAN', places.neighbour],
    ['a private address beyond the gateway', places.privateBeyond],
    ['a private IPv6 address', places.private6],
    ['the resolver past DNS', places.resolver],
  ])('%s is not reached', async (_, address) => {
    const before = lan.arrivedOutside.length;
    expect(await connect(address, outsidePort)).toMatch('refused');
    await send(address, outsidePort, 'smuggled');
    // What is sent later and may arrive has arrived: then so would the other.
    await send(places.internet, outsidePort, 'allowed');
    await waitFor(() => lan.arrivedOutside.length > before, 'the datagram that may arrive');
    expect(lan.arrivedOutside.slice(before)).toEqual(['udp 7000 allowed']);
  });

  test('the resolver is not asked directly, and its stand-in serves DNS alone', async () => {
    const before = lan.arrivedOutside.length;
    expect(await connect(places.resolver, 53)).toMatch('refused');
    expect(await connect('169.254.1.53', outsidePort)).toMatch('refused');
    expect(lan.arrivedOutside.slice(before)).toEqual([]);
  });

  test('an address and a network that the host gets later are closed too, and open again when they go', async () => {
    const added = '198.51.100.200';
    expect(await connect(places.internet, outsidePort)).toBe('open');
    await lan.ip('address', 'add', `${added}/32`, 'dev', 'lo');
    await lan.ip('route', 'add', `${places.internet}/32`, 'dev', 'lan');
    await waitFor(
      async () => (await connect(places.internet, outsidePort)).includes('refused'),
      'the network is closed',
    );
    lan.arrivedAtHost.length = 0;
    expect(await connect(added, hostPort)).toMatch('refused');
    expect(lan.arrivedAtHost).toEqual([]);
    await lan.ip('route', 'del', `${places.internet}/32`, 'dev', 'lan');
    await waitFor(async () => (await connect(places.internet, outsidePort)) === 'open', 'the network is open');
  });

  test("another sandbox's ports are not reached", async () => {
    await harness.serve(neighbour.id, 9000);
    for (const address of ['127.0.0.1', places.host, '169.254.1.53']) {
      expect(await connect(address, 9000)).toMatch('refused');
    }
  });

  test("the host's abstract unix sockets are not reached", async () => {
    const name = `tidepool-${crypto.randomUUID()}`;
    const server = createServer((socket) => socket.end('reached'));
    await new Promise<void>((resolve) => server.listen(`\0${name}`, resolve));
    const argv = ['socat', '-', `ABSTRACT-CONNECT:${name}`];
    expect((await host(argv)).out).toBe('reached');
    expect(await inside(...argv)).toMatchObject({ out: '', code: 1 });
    server.close();
  });

  test.each([
    ['as it is', ['nft', 'flush', 'ruleset']],
    ['as root of a user namespace', ['unshare', '-Ur', 'nft', 'flush', 'ruleset']],
    ['in the namespace of process 1', ['unshare', '-Ur', 'nsenter', '-t', '1', '-n', 'nft', 'flush', 'ruleset']],
    ['by taking the network down', ['unshare', '-Ur', 'ip', 'addr', 'add', '203.0.113.99/32', 'dev', 'lo']],
  ])('the wall cannot be taken down from inside: %s', async (_, command) => {
    expect((await inside(...command)).code).not.toBe(0);
    expect(await connect(places.gateway, outsidePort)).toMatch('refused');
  });

  test('a network namespace made inside leads nowhere', async () => {
    const script = `ip link set lo up; timeout 3 bash -c 'exec 3<>/dev/tcp/${places.gateway}/${outsidePort}'`;
    expect((await inside('unshare', '-Urn', 'sh', '-c', script)).code).not.toBe(0);
  });

  test('without a network of its own the host still runs a sandbox, which reaches nothing', async () => {
    await lan.ip('-4', 'route', 'del', 'default');
    await lan.ip('-6', 'route', 'del', 'default');
    const alone = harness.spec({ name: 'alone' });
    await startOnHost(alone);
    const reach = (target: string) =>
      harness.run(alone.id, ['timeout', '5', 'bash', '-c', `exec 3<>/dev/tcp/${target}`]);
    expect((await reach(`${places.internet}/${outsidePort}`)).err).toMatch('unreachable');
    const [target] = await harness.open().expose(alone.id, [8080], { fence: 1, signal });
    if (!target) throw new Error('a target');
    await waitFor(async () => (await harness.get(target)) === 200, 'the editor answers');
    expect((await reach('127.0.0.1/8080')).code).toBe(0);
  });
});
