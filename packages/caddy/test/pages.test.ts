/** What is answered where there is nothing to show: no route, nobody listening, no server. Never 200, never to a WebSocket. */
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unguarded } from '../src/unguarded.ts';
import { type Answer, ask, upgrade } from './ask.ts';
import { setups } from './caddy-versions.ts';
import { basic, proxySecret, startTestbed, type Testbed } from './testbed.ts';
import { echo, freePort, startServerStub } from './upstreams.ts';

const page = { 'Sec-Fetch-Mode': 'navigate', Accept: 'text/html' };

describe.each(setups)('own pages, Caddy $version, routes: $routes', (caddy) => {
  let bed: Testbed;
  beforeEach(async () => {
    bed = await startTestbed(caddy);
    const gone = { kind: 'tcp', host: '127.0.0.1', port: await freePort() } as const;
    await bed.routes.replace(
      'web',
      [
        { port: 'ide', target: { kind: 'unix', instance: 'gone', port: 8080 }, stripPrefix: true },
        { port: 3000, target: gone, stripPrefix: true },
        { port: 3001, target: gone, stripPrefix: false },
      ],
      unguarded,
    );
  });
  afterEach(() => bed?.end());

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    ask({ port: bed.input.ports.workspace, path, method, headers: { Cookie: bed.cookie, ...headers } });

  test('where there is no route, the server answers and knows what was asked for', async () => {
    const answer = await get('/workspace/none/a%20b?c=d', page);
    expect(answer.status).toBe(404);
    expect(seen(answer)).toMatchObject({
      from: 'server',
      url: '/-/no-route',
      headers: {
        'x-tidepool-proxy': proxySecret,
        'x-tidepool-uri': '/workspace/none/a%20b?c=d',
        'x-tidepool-auth': 'session',
        'sec-fetch-mode': 'navigate',
      },
    });
    expect(seen(answer).headers).not.toHaveProperty('cookie');
  });

  test.each(['/workspace/web/x?y=z', '/workspace/web/port/3000/x', '/workspace/web/port/3001/x'])(
    'where nobody listens (%s), the server answers, with the status',
    async (path) => {
      const answer = await get(path, page);
      expect(answer.status).toBe(502);
      expect(seen(answer)).toMatchObject({
        from: 'server',
        url: '/-/unreachable',
        headers: { 'x-tidepool-uri': path, 'x-tidepool-status': '502', 'x-tidepool-proxy': proxySecret },
      });
      expect(seen(answer).headers).not.toHaveProperty('cookie');
      expect(seen(await get(path, { Cookie: '', Authorization: basic() })).headers).not.toHaveProperty('authorization');
    },
  );

  test('an application that hangs up without an answer is unreachable too', async () => {
    const rude = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const address = rude.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const target = { kind: 'tcp', host: '127.0.0.1', port: address.port } as const;
    await bed.routes.replace('rude', [{ port: 'ide', target, stripPrefix: true }], unguarded);
    expect((await get('/workspace/rude/')).status).toBe(502);
    await new Promise((resolve) => rude.close(resolve));
  });

  test('an application’s own 502 is passed on', async () => {
    const application = await bed.upstream();
    application.on('/mine', (_, response) => response.writeHead(502).end('mine'));
    await bed.routes.replace('app-own', [{ port: 'ide', target: application.target, stripPrefix: true }], unguarded);
    expect(await get('/workspace/app-own/mine')).toMatchObject({ status: 502, body: 'mine' });
  });

  test.each(['/workspace/none/', '/workspace/web/', '/workspace/web/port/3000/', '/workspace/web/port/3001/'])(
    'a WebSocket to %s gets neither 101 nor 200',
    async (path) => {
      expect((await get(path, upgrade)).status).toBeGreaterThanOrEqual(400);
      expect(bed.server.upgrades).toEqual([]);
      await bed.server.close();
      expect((await get(path, upgrade)).status).toBe(503);
    },
  );

  test.each(['POST', 'PUT', 'HEAD'])(
    '%s to no route, or where nobody listens, gets the same status',
    async (method) => {
      expect((await get('/workspace/none/', {}, method)).status).toBe(404);
      expect((await get('/workspace/web/', {}, method)).status).toBe(502);
    },
  );

  test('without the server, a page that loads itself again, and no 200 to anybody', async () => {
    await bed.server.close();
    const app = (path: string, headers: Record<string, string>) =>
      ask({ port: bed.input.ports.app, path, headers: { Authorization: basic(), ...headers } });
    for (const answer of [
      await app('/app/', page),
      await get('/workspace/none/', page),
      await get('/workspace/web/', page),
      await get('/-/signed-in', page),
    ]) {
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toBe('2');
      expect(answer.headers['content-type']).toMatch(/^text\/html/);
      expect(answer.body).toContain('<meta http-equiv="refresh" content="2">');
    }
    expect(await get('/workspace/web/')).toMatchObject({
      status: 503,
      body: 'Tidepool is starting. Try again in a moment.\n',
    });
    const api = await app('/api/workspaces', {});
    expect(api.status).toBe(503);
    expect(api.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(api.body)).toMatchObject({ code: 'not_ready', status: 503, fields: [] });
  });

  test('the server is reached again as soon as it listens', async () => {
    await bed.server.close();
    expect((await get('/workspace/none/')).status).toBe(503);
    const again = await startServerStub(bed.server.port);
    expect((await get('/workspace/none/')).status).toBe(404);
    await again.close();
  });

  test('without the server, workspaces go on', async () => {
    const { target } = await bed.upstream();
    await bed.routes.replace('alive', [{ port: 'ide', target, stripPrefix: true }], unguarded);
    await bed.server.close();
    expect((await get('/workspace/alive/')).status).toBe(200);
  });
});

function seen({ body }: Answer) {
  return echo.parse(JSON.parse(body));
}
