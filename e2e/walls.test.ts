/** Nothing reaches Caddy's admin endpoint, the server or an editor but through Caddy; and only what is listed here listens. */
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { proxyHeaders } from '@tidepool/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openBrowser } from './browser.ts';
import { exec, publish, run, serveEcho, serveProject } from './inside.ts';
import { both, listenEverywhere, probe, probeFromHost, probeUnwalled, tcp } from './probe.ts';
import { createRunning, startTidepool, type Tidepool, until } from './tidepool.ts';

/**
 * Addresses that the host has beside those a workspace takes over: one of a private range, and one that only the host's
 * own list can name (RFC 5737). On lo, so that no one else sees them.
 */
const added = [`10.197.${process.pid % 250}.7`, `198.51.100.${(process.pid % 250) + 1}`];

let tidepool: Tidepool;
let attackPage: string;
beforeAll(async () => {
  for (const address of added) await run('ip', ['addr', 'add', `${address}/32`, 'dev', 'lo']);
  tidepool = await startTidepool();
  await createRunning(tidepool, 'hostile');
  await createRunning(tidepool, 'victim');
  await exec(tidepool, 'hostile', ['bash', '-c', 'echo "<h1>attack</h1>" > index.html']);
  await serveProject(tidepool, 'hostile', 3000);
  attackPage = await publish(tidepool, 'hostile', 3000);
});
afterAll(async () => {
  for (const address of added) await run('ip', ['addr', 'del', `${address}/32`, 'dev', 'lo']);
  await tidepool?.dispose();
});

test('a page of a workspace reads and changes nothing of the control plane', async () => {
  const { page, context, close } = await openBrowser(tidepool);
  try {
    // Signed in as the owner on both origins: the cookie is there to be misused.
    await page.goto(`${tidepool.appOrigin}/app/`);
    await page.goto(attackPage);
    expect(await page.textContent('h1')).toBe('attack');
    expect((await context.cookies()).some(({ name }) => name === `tidepool_${tidepool.ports.app}`)).toBe(true);

    const results = await page.evaluate(
      async ({ app, api, queue }) => {
        const attempt = async (url: string, init: RequestInit) => {
          try {
            const response = await fetch(url, init);
            return response.type === 'opaque' ? 'opaque' : `read ${response.status}`;
          } catch {
            return 'refused';
          }
        };
        const simple = { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"name":"stolen"}' } as const;
        return {
          list: await attempt(`${app}/api/workspaces`, { credentials: 'include' }),
          createSimple: await attempt(`${app}/api/workspaces`, {
            ...simple,
            headers: { 'content-type': 'text/plain' },
          }),
          create: await attempt(`${app}/api/workspaces`, {
            method: 'POST',
            credentials: 'include',
            headers: { 'content-type': 'application/json' },
            body: '{"name":"stolen"}',
          }),
          stopVictim: await attempt(`${app}/api/workspaces/victim/stop`, { ...simple, body: null }),
          sameOriginApi: await attempt('/api/workspaces', {}),
          sameOriginApp: await attempt('/app/', {}),
          server: await attempt(`http://localhost:${api}/api/workspaces`, {}),
          queue: await attempt(`http://localhost:${queue}/`, {}),
          cookie: document.cookie,
        };
      },
      { app: tidepool.appOrigin, api: tidepool.ports.api, queue: tidepool.ports.queue },
    );
    for (const [what, result] of Object.entries(results)) {
      expect(result, what).not.toMatch(/^read 2/);
    }
    expect(results.cookie, 'the session is out of reach of scripts').not.toContain('tidepool_');
  } finally {
    await close();
  }
  const { items } = await tidepool.api('listWorkspaces', {});
  expect(items.map(({ name, status }) => `${name} ${status}`)).toEqual(['hostile running', 'victim running']);
});

test('an application in a workspace never sees the session or the password', async () => {
  const { stdout } = await exec(tidepool, 'hostile', [
    'python3',
    '-c',
    `
import http.server, threading, sys
class Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = str(self.headers).encode()
        self.send_response(200); self.end_headers(); self.wfile.write(body)
    def log_message(self, *_): pass
import subprocess, os
if os.fork() == 0:
    os.setsid()
    for fd in (0, 1, 2): os.dup2(os.open('/dev/null', os.O_RDWR), fd)
    http.server.HTTPServer(('127.0.0.1', 4000), Echo).serve_forever()
print('up')
`,
  ]);
  expect(stdout.trim()).toBe('up');
  const url = await publish(tidepool, 'hostile', 4000);
  const [token] = await readdir(`${tidepool.home}/sessions`);
  expect(token, 'the browser above left a session').toMatch(/^[A-Za-z0-9_-]{43}$/);
  const cookie = `a=1; tidepool_${tidepool.ports.app}=${token}; b=2`;
  const bySession = await (await fetch(url, { headers: { cookie } })).text();
  expect(bySession).toContain('a=1');
  expect(bySession).toContain('b=2');
  expect(bySession).not.toContain(String(token));
  const byPassword = await (await fetch(url, { headers: { authorization: tidepool.authorization } })).text();
  expect(byPassword.toLowerCase()).not.toContain('authorization');
});

test('another local user reaches neither admin endpoint nor editor, and the server only to be refused', async () => {
  const asOwner = (...command: string[]) => run(String(command[0]), command.slice(1));
  const asNobody = (...command: string[]) =>
    run('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', ...command], { env: { HOME: '/' } });
  /** The status that each of them gets for the very same request; 000 is none. */
  const curl = async (...args: string[]) => {
    const command = ['curl', '-s', '-m', '5', '-o', '/dev/null', '-w', '%{http_code}', ...args];
    const [owner, nobody] = await Promise.all([asOwner(...command), asNobody(...command)]);
    return { owner: owner.stdout, nobody: nobody.stdout };
  };

  const admin = ['--unix-socket', `${tidepool.home}/caddy/admin.sock`, '-H', 'Origin: http://tidepool'];
  expect(await curl(...admin, 'http://tidepool/config/')).toEqual({ owner: '200', nobody: '000' });
  for (const socket of await relaySockets('8080')) {
    expect(await curl('--unix-socket', socket, 'http://localhost/healthz'), socket).toEqual({
      owner: '200',
      nobody: '000',
    });
  }
  const secrets = z.object({ proxy: z.string() });
  const { proxy } = secrets.parse(JSON.parse(await readFile(`${tidepool.home}/secrets.json`, 'utf8')));
  const server = `http://127.0.0.1:${tidepool.ports.api}/api/workspaces`;
  const fromCaddy = ['-H', `${proxyHeaders.secret}: ${proxy}`, '-H', `${proxyHeaders.listener}: app`];
  expect((await curl(...fromCaddy, '-H', `${proxyHeaders.auth}: basic`, server)).owner).toBe('200');
  expect((await curl(server)).nobody).toBe('403');
  const password = `${tidepool.user}:${tidepool.password}`;
  for (const url of [`${tidepool.appOrigin}/api/workspaces`, `${tidepool.workspaceOrigin}/workspace/victim/healthz`]) {
    expect((await curl('-u', password, url)).owner, url).toBe('200');
    expect((await curl(url)).nobody, url).toBe('401');
  }
  for (const file of ['credentials.json', 'secrets.json', 'tidepool.db', 'sessions', 'caddy', 'run', '.logs']) {
    const path = `${tidepool.home}/${file}`;
    const read = ['sh', '-c', `if [ -d ${path} ]; then ls ${path}; else cat ${path}; fi`];
    expect((await asOwner(...read)).stdout, file).not.toBe('');
    expect((await asNobody(...read)).stdout, file).toBe('');
  }
});

test('the processes of a running Tidepool listen on what is listed here, and on nothing else', async () => {
  const ours = new Set(await tidepool.pids(''));
  const { app, workspace, api, queue } = tidepool.ports;
  const listening = async (sockets: string) =>
    (await listeners(sockets, ours)).map((line) => line.split(/\s+/)[3] ?? '').sort();
  expect(await listening('-t')).toEqual([app, workspace, api, queue].map((port) => `127.0.0.1:${port}`).sort());
  expect(await listening('-u')).toEqual([]);
});

test('unix sockets of its processes lie in private directories of its home, and none is abstract', async () => {
  const ours = new Set(await tidepool.pids(''));
  const namespaces = new Map<string, number>();
  for (const pid of ours) {
    const namespace = await readlink(`/proc/${pid}/ns/net`).catch(() => null);
    if (namespace !== null) namespaces.set(namespace, pid);
  }
  expect(namespaces.size, "the host's network and one of each workspace").toBe(3);
  const lines = await Promise.all([...namespaces.values()].map((pid) => listeners('-x', ours, pid)));
  const paths = lines.flat().map((line) => line.split(/\s+/)[4] ?? '');
  const expected = [
    `${tidepool.home}/caddy/admin.sock`,
    ...(await relaySockets('8080')),
    ...(await relaySockets('3000')),
  ];
  expect(expected).toHaveLength(4);
  expect(paths).toEqual(expect.arrayContaining(expected));
  for (const path of paths) {
    expect(path.startsWith(`${tidepool.home}/`), path).toBe(true);
    expect(((await stat(dirname(path))).mode & 0o777).toString(8), path).toBe('700');
  }
});

test('from inside a workspace neither the host nor another workspace answers', async () => {
  await serveEcho(tidepool, 'victim', '127.0.0.1', 5000);
  await serveEcho(tidepool, 'victim', '::', 5001);
  await serveEcho(tidepool, 'hostile', '127.0.0.1', 5002);
  const host = await listenEverywhere();
  try {
    const onHost = [...host.addresses].flatMap((address) => both(address, [host.port]));
    const relays = (await relaySockets('8080')).map((path) => ({ protocol: 'unix', path }) as const);
    const { app, workspace, api, queue } = tidepool.ports;
    const control = [app, workspace, api, queue];
    const reachable = [...onHost, ...relays, ...control.map((port) => tcp('127.0.0.1', port))];
    expect((await probeFromHost(reachable)).refused, 'all of it is there to be reached').toEqual([]);
    const unwalled = added.flatMap((address) => both(address, [host.port]));
    const { refused } = await probeUnwalled(tidepool.ports.guest, unwalled);
    expect(refused, 'without a wall nothing else would stop it').toEqual([]);
    const own = { victim: [...both('127.0.0.1', [5000]), ...both('::1', [5001])], hostile: both('127.0.0.1', [5002]) };
    await until('the victim', async () => (await probe(tidepool, 'victim', own.victim)).refused.length === 0);
    await until('the prober', async () => (await probe(tidepool, 'hostile', own.hostile)).refused.length === 0);

    const before = host.seen();
    const addresses = new Set([...host.addresses, ...(await seenInside('hostile')), ...(await seenInside('victim'))]);
    expect(addresses.size).toBeGreaterThan(host.addresses.size);
    const ports = [host.port, ...control, 5000, 5001];
    const targets = [...relays, ...[...addresses].flatMap((address) => both(address, ports))];
    expect((await probe(tidepool, 'hostile', targets)).reached).toEqual([]);
    expect(host.seen(), 'and nothing came through one way').toBe(before);
  } finally {
    host.close();
  }
});

/** Lines of `ss` about listening sockets of these processes, in the network of the process `inside`. */
async function listeners(sockets: string, pids: ReadonlySet<number>, inside = process.pid): Promise<string[]> {
  const ss = ['ss', '-Hlnp', sockets];
  const { code, stdout, stderr } = await run('nsenter', [`--net=/proc/${inside}/ns/net`, ...ss]);
  expect(code, stderr).toBe(0);
  return stdout.split('\n').filter((line) => [...line.matchAll(/pid=(\d+)/g)].some(([, pid]) => pids.has(Number(pid))));
}

/** Of all workspaces that have one for this port. */
async function relaySockets(port: string): Promise<string[]> {
  const relay = `${tidepool.home}/relay`;
  const sockets = (await readdir(relay, { recursive: true })).filter((path) => path.endsWith(`/${port}.sock`));
  expect(sockets.length).toBeGreaterThan(0);
  return sockets.map((path) => `${relay}/${path}`);
}

/** Every address that a program finds inside: its own, its gateways, its resolvers. */
async function seenInside(name: string): Promise<string[]> {
  const { code, stdout, stderr } = await exec(tidepool, name, [
    'sh',
    '-c',
    'ip addr; ip route; ip -6 route; cat /etc/resolv.conf',
  ]);
  expect(code, stderr).toBe(0);
  return [...stdout.matchAll(/(?:inet6?|via|nameserver) ([0-9a-f.:]+)/g)]
    .map(([, address = '']) => address)
    .filter((address) => isIP(address) !== 0 && !address.startsWith('fe80'));
}
