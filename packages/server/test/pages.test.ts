/** Tidepool's own pages on the workspace origin, and the app at its own. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createWorkspace, failedWorkspace, finishJob, runningWorkspace, stoppedWorkspace } from './drive.ts';
import { newHome, type Running, startServer } from './harness.ts';

let server: Running;
const navigate = { 'sec-fetch-mode': 'navigate' };
const user = { actor: 'user' } as const;

async function page(uri: string, status?: string, headers: Record<string, string> = navigate) {
  return server.ask(status ? '/-/unreachable' : '/-/no-route', {
    listener: 'workspace',
    auth: 'session',
    headers: {
      host: 'localhost:8081',
      ...headers,
      'x-tidepool-uri': uri,
      ...(status ? { 'x-tidepool-status': status } : {}),
    },
  });
}

describe('on the workspace origin', () => {
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(async () => {
    const serverErrors = server.logged.filter(({ level }) => level >= 50);
    await server.stop();
    expect(serverErrors).toEqual([]);
  });

  const refreshed = '<meta http-equiv="refresh"';

  test('an unknown workspace is 404 and leads to the list', async () => {
    const { status, text, headers } = await page('/workspace/nobody/');
    expect(status).toBe(404);
    expect(text).toContain('There is no workspace nobody');
    expect(text).toContain('href="http://localhost:8080/app/"');
    expect(text).not.toContain(refreshed);
    expect(headers['retry-after']).toBeUndefined();
  });

  test('a deleted workspace says when', async () => {
    stoppedWorkspace(server.store, 'web');
    server.store.act('web', 'delete', user);
    expect((await page('/workspace/web/')).text).toContain('web is being deleted');
    finishJob(server.store, 'web');
    const { status, text } = await page('/workspace/web/');
    expect(status).toBe(404);
    expect(text).toMatch(/It was deleted on \d{4}-\d\d-\d\d at/);
  });

  test('a workspace being created shows its steps and looks again by itself', async () => {
    createWorkspace(server.store, 'web');
    const { status, text, headers } = await page('/workspace/web/some/file?x=1');
    expect([status, headers['retry-after']]).toEqual([503, '1']);
    expect(text).toContain(`${refreshed} content="1">`);
    expect(text).toContain('web is being created');
    expect(text).toContain('Start VS Code');
  });

  test('a stopped workspace offers to start it, on the app origin', async () => {
    stoppedWorkspace(server.store, 'web');
    const { status, text } = await page('/workspace/web/port/3000/');
    expect(status).toBe(503);
    expect(text).toContain('web is stopped');
    expect(text).toMatch(
      /<a class="button primary" href="http:\/\/localhost:8080\/app\/workspaces\/web">Start it<\/a>/,
    );
    expect(text).not.toContain(refreshed);
  });

  test('a workspace stopped with Tidepool says so', async () => {
    runningWorkspace(server.store, 'web');
    const { id } = server.store.workspace('web') ?? { id: '' };
    server.store.shutDown(id);
    expect((await page('/workspace/web/')).text).toContain('because Tidepool itself was');
  });

  test('a workspace whose machine is gone does not say that its files are kept, nor offers to start it', async () => {
    runningWorkspace(server.store, 'web');
    const { id, version } = server.store.workspace('web') ?? { id: '', version: 0 };
    server.store.foundStopped(id, version, 'instance_gone');
    const { text } = await page('/workspace/web/');
    expect(text).toContain('Its machine is gone, and its files with it.');
    expect(text).not.toContain('files are kept');
    expect(text).not.toContain('Start it');
  });

  test('a stopping workspace looks again by itself', async () => {
    runningWorkspace(server.store, 'web');
    server.store.act('web', 'stop', user);
    const { status, text, headers } = await page('/workspace/web/');
    expect([status, headers['retry-after']]).toEqual([503, '2']);
    expect(text).toContain('web is stopping');
  });

  test('a failed workspace says what failed, escaped, and what to do', async () => {
    failedWorkspace(server.store, 'web');
    const { status, text } = await page('/workspace/web/');
    expect(status).toBe(503);
    expect(text).toContain('web could not be created');
    expect(text).toContain('It ended &#60;at once&#62;');
    expect(text).toContain('instance_failed');
    expect(text).toContain('See what to do');
  });

  test('a port that is not registered is 404 and says how to', async () => {
    runningWorkspace(server.store, 'web');
    const { status, text } = await page('/workspace/web/port/3000/');
    expect(status).toBe(404);
    expect(text).toContain('Port 3000 of web is not registered');
    expect(text).toContain('/api/workspaces/web/ports');
    expect(text).toContain(`curl -u ${server.config.user}:PASSWORD `);
    expect((await page('/workspace/web/port/80/')).text).toContain('Ports from 1024 to 65535');
  });

  test('a registered port where nothing listens is 502 and looks again by itself', async () => {
    runningWorkspace(server.store, 'web');
    server.store.addPort('web', { port: 3000, label: null, stripPrefix: true }, user);
    const { status, text, headers } = await page('/workspace/web/port/3000/', '502');
    expect([status, headers['retry-after']]).toEqual([502, '2']);
    expect(text).toContain('Nothing listens on port 3000 yet');
    expect(text).toContain(refreshed);
  });

  test('a registered port whose route is not written yet is 503', async () => {
    runningWorkspace(server.store, 'web');
    server.store.addPort('web', { port: 3000, label: null, stripPrefix: true }, user);
    expect((await page('/workspace/web/port/3000/')).status).toBe(503);
  });

  test('an editor that does not answer is 502, one that hangs 504', async () => {
    runningWorkspace(server.store, 'web');
    const refused = await page('/workspace/web/', '502');
    expect([refused.status, refused.headers['retry-after']]).toEqual([502, '2']);
    expect(refused.text).toContain('The editor of web does not answer');
    expect((await page('/workspace/web/', '504')).status).toBe(504);
  });

  test('an address that stopped answering because its workspace was stopped says that', async () => {
    stoppedWorkspace(server.store, 'web');
    expect((await page('/workspace/web/', '502')).text).toContain('web is stopped');
  });

  test('programs get the same in plain text, with the same status', async () => {
    stoppedWorkspace(server.store, 'web');
    for (const headers of [
      { accept: '*/*' },
      { 'sec-fetch-mode': 'websocket' },
      { 'sec-fetch-mode': 'cors', accept: 'text/html' },
    ]) {
      const answer = await page('/workspace/web/', undefined, headers);
      expect(answer.status).toBe(503);
      expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(answer.text).toMatch(/^web is stopped\n/);
    }
  });

  test('what would have been a WebSocket never gets 200', async () => {
    runningWorkspace(server.store, 'web');
    for (const status of [undefined, '502']) {
      const answer = await page('/workspace/web/', status, { connection: 'Upgrade', upgrade: 'websocket' });
      expect(answer.status).toBeGreaterThanOrEqual(500);
    }
  });

  test.each(['POST', 'PUT', 'DELETE', 'PROPFIND', 'OPTIONS'])('%s is answered as GET is', async (method) => {
    const answer = await server.ask('/-/no-route', {
      method,
      listener: 'workspace',
      headers: { 'x-tidepool-uri': '/workspace/nobody/' },
    });
    expect(answer.status).toBe(404);
  });

  test.each(['/', '/workspace/', '/favicon.ico', '', '/workspace/%ff/', 'nonsense', `/${'a'.repeat(20_000)}`])(
    'the address %.20s names no workspace',
    async (uri) => {
      const { status, text } = await page(uri);
      expect(status).toBe(404);
      expect(text).toContain('There is nothing at this address');
    },
  );

  test('pages run no script and fetch nothing', async () => {
    const { text, headers } = await page('/workspace/nobody/');
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/,
    );
    expect(text).not.toMatch(/<script|<link|src=|url\(/);
    expect(headers['cache-control']).toBe('no-store');
  });
});

describe('at /app/', () => {
  const directory = newHome();
  const script = 'export {};';
  const compressed = brotliCompressSync(script);
  const asset = (accepted: string, path = '/app/assets/index-a1b2c3.js') =>
    server.ask(path, { headers: { 'sec-fetch-mode': 'cors', 'accept-encoding': accepted } });
  beforeAll(async () => {
    mkdirSync(`${directory}/assets`);
    writeFileSync(`${directory}/index.html`, '<!doctype html><title>app</title>');
    writeFileSync(`${directory}/assets/index-a1b2c3.js`, script);
    writeFileSync(`${directory}/assets/index-a1b2c3.js.br`, compressed);
    writeFileSync(`${directory}/assets/none-d4e5f6.js`, script);
    writeFileSync(`${directory}/logo.svg`, '<svg xmlns="http://www.w3.org/2000/svg"/>');
    server = await startServer({ spaDirectory: directory });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  test('the root and the bare path lead there', async () => {
    expect((await server.ask('/')).headers.location).toBe('/app/');
    expect((await server.ask('/app')).headers.location).toBe('/app/');
  });

  test.each(['/app/', '/app/workspaces/web-app', '/app/new?face=start', '/app/a/b/c'])(
    '%s is the app, never kept',
    async (path) => {
      const { status, text, headers } = await server.ask(path, { headers: navigate });
      expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
      expect(text).toContain('<title>app</title>');
      expect(headers['content-security-policy']).toContain("script-src 'self';");
      expect(headers['content-security-policy']).not.toContain('unsafe');
    },
  );

  test('its assets are kept for a year', async () => {
    const { status, headers } = await asset('identity');
    expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(headers['content-type']).toContain('javascript');
  });

  test('an asset is sent in Brotli to whom takes it, as the type that it is', async () => {
    const inBrotli = await asset('gzip, deflate, br, zstd');
    const plain = await asset('gzip, br;q=0');
    expect(inBrotli.headers).toMatchObject({ 'content-encoding': 'br', 'content-length': String(compressed.length) });
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(plain.text).toBe(script);
    for (const name of ['content-type', 'cache-control'] as const)
      expect(inBrotli.headers[name], name).toBe(plain.headers[name]);
    expect(inBrotli.headers.vary).toBe('Accept-Encoding');
    expect(plain.headers, 'Caddy adds it where it compresses').not.toHaveProperty('vary');
    expect(inBrotli.headers.etag).not.toBe(plain.headers.etag);
  });

  test('an asset without a copy is sent as it is', async () => {
    const { headers, text } = await asset('br', '/app/assets/none-d4e5f6.js');
    expect(headers).not.toHaveProperty('content-encoding');
    expect(text).toBe(script);
  });

  test('what has no hash in its name is asked for anew, and unchanged is not sent again', async () => {
    const { headers } = await asset('br', '/app/logo.svg');
    expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'image/svg+xml' });
    const again = await server.ask('/app/logo.svg', { headers: { 'if-none-match': headers.etag ?? '' } });
    expect(again.status).toBe(304);
  });

  test.each([
    '/app/assets/gone.js',
    '/app/nothing.css',
    '/app/..%2f..%2fpackage.json',
    '/app/assets/..%5c..%5cx',
    '/app/.env',
  ])('%s is 404 for what is no page load', async (path) => {
    const { status } = await server.ask(path, { headers: { 'sec-fetch-mode': 'no-cors' } });
    expect(status).toBe(404);
  });

  test('an unknown address beside it is a page, or text', async () => {
    const answer = await server.ask('/nothing', { headers: navigate });
    expect([answer.status, answer.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect((await server.ask('/nothing')).headers['content-type']).toBe('text/plain; charset=utf-8');
  });
});

test('an app that was not built says what to do', async () => {
  const bare = await startServer();
  const { status, text } = await bare.ask('/app/', { headers: navigate });
  await bare.stop();
  expect(status).toBe(503);
  expect(text).toContain('npm start');
});
