/** The admin endpoint: programmed once, closed to everybody else, and what Caddy comes back with after a crash. */
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { askAdmin } from '../src/admin-client.ts';
import { buildBaseConfig } from '../src/base-config.ts';
import { createProxy } from '../src/proxy.ts';
import { unguarded } from '../src/unguarded.ts';
import { ask } from './ask.ts';
import { startCaddy } from './caddy-process.ts';
import { setups } from './caddy-versions.ts';
import { startTestbed, type Testbed } from './testbed.ts';
import { freePort } from './upstreams.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];

describe.each(setups)('the admin endpoint, Caddy $version, routes: $routes', (caddy) => {
  const beds: Testbed[] = [];
  const start = async (differences?: Parameters<typeof startTestbed>[1]) => {
    const bed = await startTestbed(caddy, differences);
    beds.push(bed);
    return bed;
  };
  afterEach(async () => {
    for (const bed of beds.splice(0)) await bed.end();
  });

  test('a config that Caddy has is left alone, one that it lost is loaded', async () => {
    const { proxy, admin } = await start().then(({ proxy, input }) => ({ proxy, admin: input.admin }));
    expect(await proxy.ensureConfig()).toBe(false);
    expect(await proxy.ensureConfig()).toBe(false);
    await askAdmin(admin, { method: 'POST', path: '/load', json: JSON.stringify({ admin: adminOf(admin) }) });
    expect(await proxy.ensureConfig()).toBe(true);
    expect(await proxy.ensureConfig()).toBe(false);
  });

  test('a changed password is a changed config', async () => {
    const { input } = await start();
    const passwordHash = '$2b$04$abcdefghijklmnopqrstuuMKJ8UEmCO3E3jjKJq9Vn9Xv0mZ0B3iG';
    const changed = createProxy({
      admin: input.admin,
      config: buildBaseConfig({ ...input, passwordHash }),
      program: caddy.program,
    });
    expect(await changed.ensureConfig()).toBe(true);
  });

  test('the version is that of the program, null where nobody answers', async () => {
    const bed = await start();
    expect(await bed.proxy.version()).toBe(caddy.version);
    await bed.caddy.end('SIGKILL');
    expect(await bed.proxy.version()).toBeNull();
    await expect(bed.proxy.ensureConfig()).rejects.toMatchObject({ code: 'proxy_unavailable', passing: true });
  });

  test('what Caddy refuses does not pass by itself', async () => {
    const { input } = await start();
    const broken = createProxy({
      admin: input.admin,
      config: { admin: adminOf(input.admin), apps: { nosuch: {} } },
      program: caddy.program,
    });
    await expect(broken.ensureConfig()).rejects.toMatchObject({ code: 'proxy_unavailable', passing: false });
  });

  test('an abort ends the call as an abort', async () => {
    const { proxy } = await start();
    await expect(proxy.ensureConfig(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('on a socket, it opens no port and stands in a directory of its owner’s', async () => {
    const { home, input, caddy: process } = await start();
    expect(statSync(`${home}/caddy`).mode & 0o777).toBe(0o700);
    const expected = [input.ports.app, input.ports.workspace].sort();
    expect(await listeningPorts(process.child.pid)).toEqual(expected);
  });

  test.runIf(isRoot)('another user does not reach it, in a home that others may enter (as root only)', async () => {
    const { home } = await start();
    const connect = ['perl', '-MIO::Socket::UNIX', '-e', 'exit(IO::Socket::UNIX->new(Peer => $ARGV[0]) ? 0 : 1)'];
    const attempt = [...connect, `${home}/caddy/admin.sock`];
    await run('setpriv', attempt);
    await run('setpriv', [...nobody, 'test', '-d', home]);
    await expect(run('setpriv', [...nobody, ...attempt])).rejects.toMatchObject({ code: 1 });
  });

  test('on TCP, a page of another origin and a host name of another do not reach it', async () => {
    const admin = `127.0.0.1:${await freePort()}`;
    const { proxy } = await start({ admin });
    expect(await proxy.ensureConfig()).toBe(false);
    const port = Number(admin.split(':')[1]);
    const load = (headers: Record<string, string>) =>
      ask({ port, path: '/load', method: 'POST', headers: { 'Content-Type': 'text/plain', ...headers }, body: '{}' });
    for (const headers of [
      { Origin: 'http://localhost:8081' },
      { Origin: `http://localhost:${port}` },
      { Origin: 'null' },
      {},
      { Referer: 'http://evil.example/' },
      { Host: 'evil.example', Origin: 'http://evil.example' },
    ]) {
      // A `null` origin is a 400 to the newer one.
      const refused = [400, 403];
      expect((await load(headers)).status, JSON.stringify(headers)).toBeOneOf(refused);
      const stop = await ask({ port, path: '/stop', method: 'POST', headers });
      expect(stop.status, JSON.stringify(headers)).toBeOneOf(refused);
    }
    expect(await proxy.ensureConfig()).toBe(false);
  });

  test('killed and started again with what it had, it serves every route without anybody’s help', async () => {
    const bed = await start();
    const { target } = await bed.upstream('first');
    await bed.routes.replace('web', [{ port: 'ide', target, stripPrefix: true }], unguarded);
    await bed.caddy.end('SIGKILL');
    const again = await startCaddy({ program: caddy.program, home: bed.home, resume: true });
    try {
      const question = { port: bed.input.ports.workspace, path: '/workspace/web/', headers: { Cookie: bed.cookie } };
      expect((await ask(question)).status).toBe(200);
      expect(await bed.proxy.ensureConfig()).toBe(false);
    } finally {
      await again.end('SIGKILL');
    }
  });

  test('what it keeps for that, it keeps to itself', async () => {
    const { home } = await start();
    expect(statSync(`${home}/caddy/caddy/autosave.json`).mode & 0o077).toBe(0);
  });

  test('it logs neither addresses nor secrets', async () => {
    const bed = await start();
    await ask({
      port: bed.input.ports.workspace,
      path: '/workspace/none/secret-path',
      headers: { Cookie: bed.cookie, Authorization: 'Basic c2VjcmV0LXBhc3N3b3Jk' },
    });
    for (const secret of ['secret-path', bed.cookie, 'c2VjcmV0', bed.input.proxySecret, bed.input.passwordHash]) {
      expect(bed.caddy.log()).not.toContain(secret);
    }
  });
});

function adminOf(admin: string) {
  return { listen: admin, enforce_origin: true, origins: ['tidepool'] };
}

/** TCP ports on which a process listens, ascending (proc(5): state 0A is LISTEN). */
async function listeningPorts(pid: number | undefined): Promise<number[]> {
  const { stdout } = await run('ls', ['-l', `/proc/${pid}/fd`]);
  const inodes = new Set([...stdout.matchAll(/socket:\[(\d+)\]/g)].map(([, inode]) => inode));
  return ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && inodes.has(fields[9]))
    .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16))
    .sort();
}
