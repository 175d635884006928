/** Which path leads where, and what the application sees of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unguarded } from '../src/unguarded.ts';
import { type Answer, ask } from './ask.ts';
import { setups } from './caddy-versions.ts';
import { startTestbed, type Testbed } from './testbed.ts';
import { echo, type Upstream } from './upstreams.ts';

describe.each(setups)('paths, Caddy $version, routes: $routes', (caddy) => {
  let bed: Testbed;
  let ide: Upstream;
  let cut: Upstream;
  let kept: Upstream;
  let other: Upstream;
  beforeAll(async () => {
    bed = await startTestbed(caddy);
    ide = await bed.upstream('first');
    other = await bed.upstream('second');
    cut = await bed.upstream();
    kept = await bed.upstream();
    await bed.routes.replace(
      'web',
      [
        { port: 'ide', target: ide.target, stripPrefix: true },
        { port: 3000, target: cut.target, stripPrefix: true },
        { port: 3001, target: kept.target, stripPrefix: false },
      ],
      unguarded,
    );
    await bed.routes.replace('web-redirect', [{ port: 'ide', target: other.target, stripPrefix: true }], unguarded);
  });
  afterAll(() => bed?.end());

  const get = (path: string, method = 'GET') =>
    ask({ port: bed.input.ports.workspace, path, method, headers: { Cookie: bed.cookie } });
  const arrived = async (path: string) => {
    const { from, url } = seen(await get(path));
    const places = { [JSON.stringify(ide.target)]: 'ide', [JSON.stringify(cut.target)]: 'cut' };
    return [
      { ...places, [JSON.stringify(kept.target)]: 'kept', [JSON.stringify(other.target)]: 'other' }[from] ?? from,
      url,
    ];
  };

  test.each([
    ['/workspace/web/', 'ide', '/'],
    ['/workspace/web/a/b?c=d&e=%2F', 'ide', '/a/b?c=d&e=%2F'],
    ['/workspace/web/?', 'ide', '/?'],
    ['/workspace/web/port/', 'ide', '/port/'],
    ['/workspace/web/port/abc/', 'ide', '/port/abc/'],
    ['/workspace/web/ports/3000/', 'ide', '/ports/3000/'],
    ['/workspace/web-redirect/x', 'other', '/x'],
    ['/workspace/web/port/3000/', 'cut', '/'],
    ['/workspace/web/port/3000/a%2Fb%20c/%C3%BC', 'cut', '/a%2Fb%20c/%C3%BC'],
    ['/workspace/web/port/3000/a//b', 'cut', '/a//b'],
    ['/workspace/web/port/3000//evil.example/x', 'cut', '//evil.example/x'],
    ['/workspace/web/port/3000/a/../b', 'cut', '/a/../b'],
    ['/workspace/web/port/3000/?q=1&r=//x', 'cut', '/?q=1&r=//x'],
    ['/workspace/web/port/3000/workspace/web/port/3000/x', 'cut', '/workspace/web/port/3000/x'],
    ['/workspace/web/port/3001/', 'kept', '/workspace/web/port/3001/'],
    ['/workspace/web/port/3001', 'kept', '/workspace/web/port/3001'],
    ['/workspace/web/port/3001?a=1', 'kept', '/workspace/web/port/3001?a=1'],
    ['/workspace/web/port/3001/a%2Fb//c?d=e', 'kept', '/workspace/web/port/3001/a%2Fb//c?d=e'],
  ])('%s leads to %s as %s', async (path, place, url) => {
    expect(await arrived(path)).toEqual([place, url]);
  });

  test.each([
    ['/workspace/web', '/workspace/web/'],
    ['/workspace/web?folder=/x&y=%2F', '/workspace/web/?folder=/x&y=%2F'],
    ['/workspace/none', '/workspace/none/'],
    ['/workspace/web/port/3000', '/workspace/web/port/3000/'],
    ['/workspace/web/port/3000?a=1', '/workspace/web/port/3000/?a=1'],
    ['//evil.example/../workspace/web', '/workspace/web/'],
    ['//evil.example/%2e%2e/workspace/web/port/3000', '/workspace/web/port/3000/'],
  ])('%s is sent to %s', async (path, location) => {
    expect(await get(path)).toMatchObject({ status: 308, headers: { location } });
  });

  test.each([
    '/',
    '/workspace/',
    '/workspace/none/',
    '/workspace/we/',
    '/workspace/WEB/',
    '/workspace/.staging/',
    '/workspace/web/port/3002/',
    '/workspace/web/port/3002',
    '/workspace/web/port/03000/',
    '/workspace/web/port/99999/',
    '/workspace/*/',
    '/workspace/we*/',
    '/workspace/web%2F..%2Fnone/',
  ])('%s leads nowhere', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(seen(answer)).toMatchObject({ from: 'server', url: '/-/no-route', headers: { 'x-tidepool-uri': path } });
  });

  test('dots lead to the workspace that the cleaned path names, never to another’s', async () => {
    expect((await arrived('/workspace/web/%2e%2e/web-redirect/x'))[0]).toBe('other');
    expect((await arrived('/workspace/web/../web-redirect/x'))[0]).toBe('other');
    expect((await arrived('/workspace/web/port/3000/%2e%2e/3001/x'))[0]).toBe('kept');
    expect((await get('/workspace/web/%2e%2e/%2e%2e/app/')).status).toBe(404);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s passes', async (method) => {
    expect(seen(await get('/workspace/web/port/3000/x', method))).toMatchObject({ method, url: '/x' });
  });
});

function seen({ body }: Answer) {
  return echo.parse(JSON.parse(body));
}
