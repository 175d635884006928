/** What answers at the admin endpoint need not be Caddy, and Caddy need not be well. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAdminRoutes } from '../src/admin-routes.ts';
import { buildBaseConfig } from '../src/base-config.ts';
import { createProxy } from '../src/proxy.ts';
import { unguarded } from '../src/unguarded.ts';

let directory: string;
let server: Server | undefined;
let answer: RequestListener;
beforeEach(async () => {
  directory = mkdtempSync('/tmp/tp-');
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server?.listen(`${directory}/admin.sock`, resolve));
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  rmSync(directory, { recursive: true });
});

const marked = { etag: '"/id/tidepool:routes 0"' };
const page = '<!doctype html><title>Welcome</title>';

const nonsense: readonly [string, RequestListener, { passing: boolean; says: string }][] = [
  ['a page', (_, to) => to.end(page), { passing: false, says: page }],
  ['nothing at all', (_, to) => to.end(), { passing: false, says: '200' }],
  ['half an object', (_, to) => to.writeHead(200, marked).end('{"admin": {"lis'), { passing: false, says: '"lis' }],
  ['a redirect', (_, to) => to.writeHead(302, { location: '/' }).end(), { passing: false, says: '302' }],
  ['an error of its own', (_, to) => to.writeHead(500).end('oops'), { passing: false, says: 'oops' }],
  ['a body that breaks off', (_, to) => cutOff(to), { passing: true, says: 'does not answer' }],
  ['headers and no body', (_, to) => to.writeHead(200).flushHeaders(), { passing: true, says: 'does not answer' }],
  ['no headers', () => undefined, { passing: true, says: 'does not answer' }],
  ['a body without an end', (_, to) => flood(to), { passing: true, says: 'does not answer' }],
  ['a hang-up', (request) => request.socket.destroy(), { passing: true, says: 'does not answer' }],
];

test.each(nonsense)('%s in the place of the config is told as Caddy’s failure', async (_, listener, expected) => {
  answer = listener;
  const admin = `unix/${directory}/admin.sock`;
  const routes = createAdminRoutes({ admin, onStray: () => undefined });
  const refusal = {
    code: 'proxy_unavailable',
    passing: expected.passing,
    message: expect.stringContaining(expected.says),
  };
  const ofAll = [routes.list(), routes.replace('web', [], unguarded), proxyAt(admin).ensureConfig()];
  for (const attempt of await Promise.allSettled(ofAll)) {
    expect(attempt).toMatchObject({ status: 'rejected', reason: refusal });
  }
});

test.each(['null', '[]', '"text"', '{"apps": 7}'])('%s in the place of the config is replaced', async (present) => {
  const written: string[] = [];
  answer = (request, response) => {
    if (request.method === 'GET') response.writeHead(200, marked).end(present);
    else request.on('data', (chunk) => written.push(String(chunk))).on('end', () => response.end());
  };
  expect(await proxyAt(`unix/${directory}/admin.sock`).ensureConfig()).toBe(true);
  expect(written.join('')).toContain('"tidepool:routes"');
});

function proxyAt(admin: string) {
  const config = buildBaseConfig({
    admin,
    routes: 'admin',
    bind: '127.0.0.1',
    ports: { app: 1, workspace: 2, api: 3 },
    origins: { app: null, workspace: null },
    directories: { routes: '/r', sessions: '/s', relay: '/y' },
    user: 'tidepool',
    passwordHash: 'hash',
    proxySecret: 'secret',
  });
  return createProxy({ admin, config, program: '/nowhere/caddy' });
}

function cutOff(response: Parameters<RequestListener>[1]): void {
  response.writeHead(200, { ...marked, 'content-length': '100' });
  response.write('{"admin":', () => response.destroy());
}

function flood(response: Parameters<RequestListener>[1]): void {
  const chunk = Buffer.alloc(2 ** 20, 'x');
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.writeHead(200, marked).on('drain', more);
  more();
}
