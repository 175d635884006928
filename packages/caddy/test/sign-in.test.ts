/** Who is let in, on both origins. */
import { writeFileSync } from 'node:fs';
import { returnPathOf, sessionCookieName } from '@tidepool/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unguarded } from '../src/unguarded.ts';
import { type Answer, ask, upgrade } from './ask.ts';
import { setups } from './caddy-versions.ts';
import { basic, proxySecret, startTestbed, type Testbed, token } from './testbed.ts';
import { echo } from './upstreams.ts';

const page = { 'Sec-Fetch-Mode': 'navigate', Accept: 'text/html' };

describe.each(setups)('signing in, Caddy $version, routes: $routes', (caddy) => {
  let bed: Testbed;
  let cookieName: string;
  beforeAll(async () => {
    bed = await startTestbed(caddy);
    cookieName = sessionCookieName(bed.input.ports.app);
    const { target } = await bed.upstream();
    await bed.routes.replace('web', [{ port: 'ide', target, stripPrefix: true }], unguarded);
  });
  afterAll(() => bed?.end());

  const app = (headers: Record<string, string>, path = '/app/') => ask({ port: bed.input.ports.app, path, headers });
  const workspace = (headers: Record<string, string>, path = '/workspace/web/') =>
    ask({ port: bed.input.ports.workspace, path, headers });

  describe('on the app origin', () => {
    test('the root leads to the app', async () => {
      expect(await app({}, '/')).toMatchObject({ status: 302, headers: { location: '/app/' } });
    });

    test('nobody is asked for the password', async () => {
      const answer = await app(page);
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Basic realm="Tidepool"');
      expect(answer.body).toContain('<h1>Not signed in</h1>');
    });

    test('a program gets the same as a problem document', async () => {
      const answer = await app({}, '/api/workspaces');
      expect(answer.status).toBe(401);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'unauthenticated', status: 401, fields: [] });
    });

    test.each(['Basic', 'basic', 'bASIC'])('the right password passes with the scheme %s', async (scheme) => {
      expect(seen(await app({ Authorization: basic(undefined, scheme) }))).toMatchObject({
        from: 'server',
        headers: {
          'x-tidepool-proxy': proxySecret,
          'x-tidepool-listener': 'app',
          'x-tidepool-auth': 'basic',
        },
      });
    });

    test('the server never sees the password', async () => {
      expect(seen(await app({ Authorization: basic() })).headers).not.toHaveProperty('authorization');
    });

    test.each([basic('wrong-horse'), basic(''), basic(undefined, undefined, 'root'), 'Basic', 'Basic ???', 'Bearer x'])(
      '%s is challenged',
      async (authorization) => {
        const answer = await app({ Authorization: authorization });
        expect(answer.status).toBe(401);
        expect(answer.headers['www-authenticate']).toMatch(/^Basic/);
      },
    );

    test('a session passes, and is told from Basic', async () => {
      expect(seen(await app({ Cookie: bed.cookie })).headers).toMatchObject({ 'x-tidepool-auth': 'session' });
      const both = await app({ Cookie: bed.cookie, Authorization: basic() });
      expect(seen(both).headers).toMatchObject({ 'x-tidepool-auth': 'session' });
    });
  });

  describe('on the workspace origin', () => {
    test.each(['Basic', 'basic', 'bASIC'])(
      'the right password passes with the scheme %s, and ends there',
      async (scheme) => {
        const { headers, from } = seen(await workspace({ Authorization: basic(undefined, scheme) }));
        expect(from).toContain('tcp');
        expect(headers).not.toHaveProperty('authorization');
      },
    );

    test("a page's own cookie of that name on a longer path, which is sent first, does not keep the owner out", async () => {
      const fake = `${cookieName}=${'A'.repeat(43)}`;
      expect((await workspace({ Cookie: `${fake}; ${bed.cookie}` })).status).toBe(200);
      expect((await workspace({ Cookie: `${fake}; b=1; ${fake}; ${bed.cookie}; c=1` })).status).toBe(200);
      expect((await workspace({ Cookie: fake })).status).toBe(401);
    });

    test('a session passes, wherever it stands among cookies', async () => {
      for (const cookie of [bed.cookie, `${bed.cookie}; b=1`, `a=1; ${bed.cookie}; b=1`, `a=1; ${bed.cookie}`]) {
        expect((await workspace({ Cookie: cookie })).status, cookie).toBe(200);
      }
    });

    test.each([
      '*',
      'A*',
      `${'A'.repeat(42)}*`,
      '',
      '../x',
      `../${'A'.repeat(40)}`,
      `../sessions/${'A'.repeat(31)}`,
      'A'.repeat(43),
      `${token}x`,
      token.slice(1),
      '.',
    ])('%j is no session', async (value) => {
      const answer = await workspace({ Cookie: `${cookieName}=${value}` });
      expect(answer.status).toBe(401);
      expect((await app({ Cookie: `${cookieName}=${value}` })).status).toBe(401);
    });

    test('a session of another installation, or under another name, is none', async () => {
      for (const name of ['tidepool_1', 'tidepool', `x${cookieName}`, `${cookieName}0`]) {
        expect((await workspace({ Cookie: `${name}=${token}` })).status, name).toBe(401);
      }
    });

    test('a session passes as soon as its file is there', async () => {
      const fresh = 'f'.repeat(43);
      expect((await workspace({ Cookie: `${cookieName}=${fresh}` })).status).toBe(401);
      writeFileSync(`${bed.input.directories.sessions}/${fresh}`, '');
      expect((await workspace({ Cookie: `${cookieName}=${fresh}` })).status).toBe(200);
    });

    test('a page load is sent to sign in and back, with its whole address', async () => {
      const path = '/workspace/web/a%20b?x=1&y=/%2F';
      for (const headers of [page, { Accept: 'text/html,*/*' }, { ...page, Authorization: basic('wrong-horse') }]) {
        const { status, headers: answered } = await workspace(headers, path);
        expect(status).toBe(302);
        expect(answered['www-authenticate']).toBeUndefined();
        const location = String(answered.location);
        expect(location).toBe(`http://127.0.0.1:${bed.input.ports.app}/app/sign-in?return=${path}`);
        expect(returnPathOf(new URL(location).pathname + new URL(location).search)).toBe(path);
      }
    });

    test('the sign-in keeps the host that was asked, with the other port', async () => {
      for (const [host, kept] of [
        ['pool.local:9', 'pool.local'],
        ['pool.local', 'pool.local'],
        ['[::1]:8081', '[::1]'],
      ] as const) {
        expect((await workspace({ ...page, Host: host })).headers.location).toBe(
          `http://${kept}:${bed.input.ports.app}/app/sign-in?return=/workspace/web/`,
        );
      }
    });

    test('anything else gets 401 without a challenge', async () => {
      const requests: Record<string, string>[] = [
        {},
        { 'Sec-Fetch-Mode': 'cors', Accept: 'text/html' },
        { Accept: 'application/json' },
        { Authorization: basic('wrong-horse') },
        { Authorization: 'Bearer x' },
        { ...upgrade },
        { ...page, ...upgrade },
      ];
      for (const headers of requests) {
        const answer = await workspace(headers);
        expect(answer.status, JSON.stringify(headers)).toBe(401);
        expect(answer.headers['www-authenticate']).toBeUndefined();
      }
      expect(
        (await ask({ port: bed.input.ports.workspace, path: '/workspace/web/', method: 'POST', headers: page })).status,
      ).toBe(401);
    });

    test('in a session, Authorization is the application’s, and so is its challenge', async () => {
      const application = await bed.upstream();
      application.on('/private', (_, response) => {
        response.writeHead(401, { 'WWW-Authenticate': 'Bearer realm="app"' });
        response.end('the application says no');
      });
      await bed.routes.replace('jupyter', [{ port: 'ide', target: application.target, stripPrefix: true }], unguarded);
      const cookie = bed.cookie;
      for (const authorization of ['Bearer x', 'token y', basic('the-application-s-own')]) {
        const answer = await workspace({ Cookie: cookie, Authorization: authorization }, '/workspace/jupyter/');
        expect(seen(answer).headers.authorization).toBe(authorization);
      }
      const refused = await workspace({ Cookie: cookie }, '/workspace/jupyter/private');
      expect(refused).toMatchObject({ status: 401, body: 'the application says no' });
      expect(refused.headers['www-authenticate']).toBe('Bearer realm="app"');
    });

    test('the way back from sign-in reaches the server with and without a session', async () => {
      const path = '/-/signed-in?return=/workspace/web/';
      expect(seen(await workspace({ ...page, Cookie: bed.cookie }, path))).toMatchObject({
        from: 'server',
        url: path,
        headers: { 'x-tidepool-auth': 'session', 'x-tidepool-listener': 'workspace', 'x-tidepool-proxy': proxySecret },
      });
      expect(seen(await workspace(page, path)).headers['x-tidepool-auth']).toBe('none');
    });

    test('nothing else of the server is reached from there', async () => {
      for (const path of ['/api/workspaces', '/app/', '/-/no-route', '/-/signed-in/x']) {
        expect((await workspace({}, path)).status).toBe(401);
        const signedIn = seen(await workspace({ Cookie: bed.cookie }, path));
        expect(signedIn).toMatchObject({ from: 'server', url: '/-/no-route', headers: { 'x-tidepool-uri': path } });
      }
    });
  });
});

describe.each(setups)('public origins, Caddy $version, routes: $routes', (caddy) => {
  test('lead to the public address of the app, and applications learn of https', async () => {
    const origins = { app: 'https://pool.example.org', workspace: 'https://work.example.org' };
    const bed = await startTestbed(caddy, { origins });
    try {
      const { target } = await bed.upstream();
      await bed.routes.replace('web', [{ port: 'ide', target, stripPrefix: true }], unguarded);
      const port = bed.input.ports.workspace;
      const sent = await ask({ port, path: '/workspace/web/?a=1', headers: page });
      expect(sent.headers.location).toBe('https://pool.example.org/app/sign-in?return=/workspace/web/?a=1');
      const passed = await ask({ port, path: '/workspace/web/', headers: { Cookie: bed.cookie } });
      expect(seen(passed).headers['x-forwarded-proto']).toBe('https');
    } finally {
      await bed.end();
    }
  });
});

function seen({ body }: Answer) {
  return echo.parse(JSON.parse(body));
}
