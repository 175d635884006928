/** Nothing reaches Caddy's admin endpoint, the server or an editor but through Caddy; and only what is listed here listens. */
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { exec, publish, run, serveProject } from './inside.ts';
import { createRunning, startTidepool, type Tidepool } from './tidepool.ts';

let tidepool: Tidepool;
let attackPage: string;
beforeAll(async () => {
  tidepool = await startTidepool();
  await createRunning(tidepool, 'hostile');
  await createRunning(tidepool, 'victim');
  await exec(tidepool, 'hostile', ['bash', '-c', 'echo "<h1>attack</h1>" > index.html']);
  await serveProject(tidepool, 'hostile', 3000);
  attackPage = await publish(tidepool, 'hostile', 3000);
});
afterAll(() => tidepool?.dispose());

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
  const asNobody = (...command: string[]) =>
    run('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', ...command], { env: { HOME: '/' } });
  const curl = (...args: string[]) =>
    asNobody('curl', '-s', '-m', '5', '-o', '/dev/null', '-w', '%{http_code}', ...args);

  expect((await curl('--unix-socket', `${tidepool.home}/caddy/admin.sock`, 'http://tidepool/config/')).stdout).toBe(
    '000',
  );
  const relays = await readdir(`${tidepool.home}/relay`);
  expect(relays.length).toBeGreaterThan(0);
  for (const relay of relays) {
    const socket = `${tidepool.home}/relay/${relay}/8080.sock`;
    expect((await curl('--unix-socket', socket, 'http://localhost/')).stdout).toBe('000');
  }
  expect((await curl(`http://127.0.0.1:${tidepool.ports.api}/api/workspaces`)).stdout).toBe('403');
  expect((await curl(`${tidepool.appOrigin}/api/workspaces`)).stdout).toBe('401');
  expect((await curl(`${tidepool.workspaceOrigin}/workspace/victim/`)).stdout).toBe('401');
  for (const file of ['credentials.json', 'secrets.json', 'tidepool.db', 'sessions', 'caddy', 'run']) {
    const { stdout } = await asNobody(
      'sh',
      '-c',
      `cat ${tidepool.home}/${file} 2>/dev/null || ls ${tidepool.home}/${file}/ 2>/dev/null`,
    );
    expect(stdout, file).toBe('');
  }
});

test('the processes of a running Tidepool listen on what is listed here, and on nothing else', async () => {
  const { stdout } = await run('ss', ['-Htlnp']);
  const ours = new Set(await tidepool.pids(''));
  const listening = stdout
    .split('\n')
    .filter((line) => [...line.matchAll(/pid=(\d+)/g)].some(([, pid]) => ours.has(Number(pid))))
    .map((line) => line.split(/\s+/)[3]);
  const { app, workspace, api, queue } = tidepool.ports;
  expect(listening.sort()).toEqual([app, workspace, api, queue].map((port) => `127.0.0.1:${port}`).sort());
});

test('from inside a workspace neither the host nor another workspace answers', async () => {
  const addresses = (await run('ip', ['-o', '-4', 'addr', 'show'])).stdout.matchAll(/inet (\d+\.\d+\.\d+\.\d+)/g);
  const { app, api, queue } = tidepool.ports;
  const targets = [...addresses].flatMap(([, address]) => [app, api, queue].map((port) => `${address}:${port}`));
  expect(targets.length).toBeGreaterThan(2);
  for (const target of targets) {
    const [host, port] = target.split(':');
    const probe = `exec 3<>/dev/tcp/${host}/${port} && echo reached`;
    const { stdout } = await exec(tidepool, 'hostile', ['timeout', '3', 'bash', '-c', probe]);
    expect(stdout, target).not.toContain('reached');
  }
});
