/** What applications and the server see of a request's headers, and browsers of an application's. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unguarded } from '../src/unguarded.ts';
import { type Answer, ask } from './ask.ts';
import { setups } from './caddy-versions.ts';
import { basic, proxySecret, startTestbed, type Testbed } from './testbed.ts';
import { echo, type Upstream } from './upstreams.ts';

const spoofed = {
  'X-Tidepool-Proxy': 'spoofed',
  'X-Tidepool-Listener': 'spoofed',
  'X-Tidepool-Auth': 'spoofed',
  'X-Tidepool-Uri': 'spoofed',
  'X-Tidepool-Status': '299',
  'X-Forwarded-Prefix': '/spoofed',
};
const stripping = { connection: `close, ${Object.keys(spoofed).join(', ')}` };

describe.each(setups)('headers, Caddy $version, routes: $routes', (caddy) => {
  let bed: Testbed;
  let application: Upstream;
  beforeAll(async () => {
    bed = await startTestbed(caddy);
    application = await bed.upstream();
    const { target } = application;
    await bed.routes.replace(
      'web',
      [
        { port: 'ide', target, stripPrefix: true },
        { port: 3000, target, stripPrefix: true },
        { port: 3001, target, stripPrefix: false },
      ],
      unguarded,
    );
  });
  afterAll(() => bed?.end());

  const workspace = (headers: Record<string, string | string[]>, path = '/workspace/web/') =>
    ask({ port: bed.input.ports.workspace, path, headers });

  test('the session is cut from the cookies of a request, in every position', async () => {
    const ours = bed.cookie;
    const other = 'tidepool_1=x';
    const cookies: [string, string | undefined][] = [
      [ours, undefined],
      [`${ours};`, undefined],
      [`${ours}; a=1`, 'a=1'],
      [`a=1; ${ours}; b=2`, 'a=1; b=2'],
      [`a=1; ${ours}`, 'a=1'],
      [`${ours}; ${other}; a=1`, 'a=1'],
      [`${other}; ${ours}`, undefined],
      [`a=1; ${other}; b=2; ${ours}; c=3`, 'a=1; b=2; c=3'],
      [`${ours}; a=tidepool_1=x; xtidepool_2=y`, 'a=tidepool_1=x; xtidepool_2=y'],
    ];
    for (const [sent, arrived] of cookies) {
      expect(seen(await workspace({ Cookie: sent })).headers.cookie, sent).toBe(arrived);
    }
  });

  test('it is cut in the Basic branch too, and from a second Cookie line', async () => {
    const old = `tidepool_1=old; a=1`;
    expect(seen(await workspace({ Authorization: basic(), Cookie: old })).headers.cookie).toBe('a=1');
    const lines = seen(await workspace({ Cookie: [bed.cookie, `b=2; ${bed.cookie}`] })).headers.cookie;
    expect(String(lines)).not.toContain('tidepool_');
  });

  test('a workspace cannot set or clear the session, by whatever spelling', async () => {
    application.on('/set', (_, response) => {
      response.setHeader('Set-Cookie', [
        `tidepool_8080=; Max-Age=0; Path=/`,
        ` tidepool_8080 =x`,
        `=tidepool_8080=x`,
        'mine=tidepool_8080=x; Path=/',
        'other=1',
      ]);
      response.end();
    });
    const { headers } = await workspace({ Cookie: bed.cookie }, '/workspace/web/set');
    expect(headers['set-cookie']?.filter((line) => line !== '')).toEqual(['mine=tidepool_8080=x; Path=/', 'other=1']);
  });

  test('a service worker is confined to its own prefix, and nobody clears the origin', async () => {
    application.on('/sw.js', (_, response) => {
      response.writeHead(200, { 'Service-Worker-Allowed': '/', 'Clear-Site-Data': '"*"' });
      response.end();
    });
    application.on('/workspace/web/port/3001/sw.js', (_, response) => {
      response.writeHead(200, { 'Service-Worker-Allowed': '/', 'Clear-Site-Data': '"*"' });
      response.end();
    });
    for (const prefix of ['/workspace/web/', '/workspace/web/port/3000/', '/workspace/web/port/3001/']) {
      const { headers } = await workspace({ Cookie: bed.cookie }, `${prefix}sw.js`);
      expect(headers['service-worker-allowed']).toBe(prefix);
      expect(headers['clear-site-data']).toBeUndefined();
    }
    const plain = await workspace({ Cookie: bed.cookie });
    expect(plain.headers['service-worker-allowed']).toBeUndefined();
  });

  test('an application is told the prefix that was cut, and only then', async () => {
    const prefixOf = async (path: string) =>
      seen(await workspace({ ...spoofed, Cookie: bed.cookie }, path)).headers['x-forwarded-prefix'];
    expect(await prefixOf('/workspace/web/port/3000/')).toBe('/workspace/web/port/3000');
    expect(await prefixOf('/workspace/web/port/3001/')).toBeUndefined();
    expect(await prefixOf('/workspace/web/')).toBeUndefined();
  });

  test('an application sees the host that was asked, and none of our headers', async () => {
    for (const extra of [{}, stripping]) {
      const { headers } = seen(await workspace({ ...spoofed, ...extra, Cookie: bed.cookie, Host: 'pool.local:8081' }));
      expect(headers.host).toBe('pool.local:8081');
      expect(headers['x-forwarded-host']).toBe('pool.local:8081');
      expect(Object.keys(headers).filter((name) => name.startsWith('x-tidepool'))).toEqual([]);
    }
  });

  test('the server believes none of them either', async () => {
    for (const extra of [{}, stripping]) {
      const headers = { ...spoofed, ...extra, Authorization: basic() };
      const toApp = seen(await ask({ port: bed.input.ports.app, path: '/api/host', headers })).headers;
      expect(toApp).toMatchObject({
        'x-tidepool-proxy': proxySecret,
        'x-tidepool-listener': 'app',
        'x-tidepool-auth': 'basic',
      });
      expect(toApp).not.toHaveProperty('x-tidepool-uri');
      expect(toApp).not.toHaveProperty('x-tidepool-status');

      const toPage = seen(await workspace({ ...spoofed, ...extra, Cookie: bed.cookie }, '/workspace/none/x')).headers;
      expect(toPage).toMatchObject({
        'x-tidepool-proxy': proxySecret,
        'x-tidepool-listener': 'workspace',
        'x-tidepool-auth': 'session',
        'x-tidepool-uri': '/workspace/none/x',
      });
      expect(toPage).not.toHaveProperty('x-tidepool-status');

      const signedIn = seen(await workspace({ ...spoofed, ...extra }, '/-/signed-in')).headers;
      expect(signedIn).toMatchObject({ 'x-tidepool-auth': 'none', 'x-tidepool-proxy': proxySecret });
    }
  });

  test('bodies are passed as they are: nothing is unpacked on the way', async () => {
    expect(seen(await workspace({ Cookie: bed.cookie })).headers['accept-encoding']).toBeUndefined();
  });
});

function seen({ body }: Answer) {
  return echo.parse(JSON.parse(body));
}
