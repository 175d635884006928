/** Routes in Caddy's config, beyond the contract: what stands there, what becomes of it, and two workers at once. */
import type { RouteTarget } from '@tidepool/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askAdmin } from '../src/admin-client.ts';
import { createAdminRoutes } from '../src/admin-routes.ts';
import { buildBaseConfig } from '../src/base-config.ts';
import { createProxy } from '../src/proxy.ts';
import { type Guard, guardOf, type Route } from '../src/routes.ts';
import { unguarded } from '../src/unguarded.ts';
import { ask } from './ask.ts';
import { startCaddy } from './caddy-process.ts';
import { newestCaddy, tooOldCaddies } from './caddy-versions.ts';
import { suspendedAtAdmin } from './suspended-at-admin.ts';
import { routesOf, startTestbed, type Testbed } from './testbed.ts';
import { freePort } from './upstreams.ts';

const setup = { ...newestCaddy, routes: 'admin' } as const;
const target: RouteTarget = { kind: 'tcp', host: '10.4.0.7', port: 8080 };
const moved: RouteTarget = { kind: 'unix', instance: 'k3f9a2', port: 8080 };

describe('with Caddy as it should be', () => {
  let bed: Testbed;
  beforeEach(async () => {
    bed = await startTestbed(setup);
  });
  afterEach(() => bed?.end());

  const get = async (path: string) => JSON.parse(await askAdmin(bed.input.admin, { method: 'GET', path }));
  const patch = (path: string, value: unknown) =>
    askAdmin(bed.input.admin, { method: 'PATCH', path, json: JSON.stringify(value) });
  const add = (value: unknown) =>
    askAdmin(bed.input.admin, {
      method: 'POST',
      path: '/id/tidepool:routes/handle/0/mappings',
      json: JSON.stringify(value),
    });
  const status = async (path: string) =>
    (await ask({ port: bed.input.ports.workspace, path, headers: { Cookie: bed.cookie } })).status;

  test('each route is an object of its own, found by its @id', async () => {
    await bed.routes.replace('web', [ide(target), port(3000), { ...port(3001), stripPrefix: false }], unguarded);
    const served = async (place: string) => (await get(`/id/tidepool:web:${place}`)).outputs;
    expect(await served('ide')).toEqual(['ide', '10.4.0.7:8080']);
    expect(await served('3000')).toEqual(['cut', '10.4.0.7:8080']);
    expect(await served('3001')).toEqual(['kept', '10.4.0.7:8080']);
    await bed.routes.replace('web', [ide(moved)], unguarded);
    expect(await served('ide')).toEqual(['ide', 'unix:k3f9a2:8080']);
    await expect(served('3000')).rejects.toMatchObject({ message: expect.stringContaining('404') });
  });

  test('what somebody put into the table by hand is told and left alone, and is no route', async () => {
    await bed.routes.replace('web', [ide(target)], unguarded);
    await add({ '@id': 'mine', input: 'mine/ide', outputs: ['ide', '10.4.0.9:80'] });
    await add({ input: 'nameless/ide', outputs: ['ide', '10.4.0.9:80'] });
    const strays = () => bed.strays.splice(0);
    expect(await bed.routes.list()).toEqual([{ workspace: 'web', routes: [ide(target)] }]);
    expect(strays()).toEqual(['mine', 'entry 2']);
    await bed.routes.replace('notes', [ide(target)], unguarded);
    await bed.routes.replace('web', [], unguarded);
    expect(await bed.routes.list()).toEqual([{ workspace: 'notes', routes: [ide(target)] }]);
    expect(strays()).toEqual(['mine', 'entry 1']);
  });

  test('a route that somebody changed by hand is none, is told, and is mended by the next replace', async () => {
    const { target: listening } = await bed.upstream();
    await bed.routes.replace('web', [ide(listening), port(3000)], unguarded);
    await patch('/id/tidepool:web:ide/outputs', ['cut', 'elsewhere']);
    expect(await bed.routes.list()).toEqual([{ workspace: 'web', routes: [port(3000)] }]);
    expect(bed.strays).toEqual(['tidepool:web:ide']);
    await bed.routes.replace('web', [ide(listening)], unguarded);
    expect(await bed.routes.list()).toEqual([{ workspace: 'web', routes: [ide(listening)] }]);
    expect(await status('/workspace/web/')).toBe(200);
  });

  test('a second object with the same @id, or for the same path, is refused by Caddy, and changes nothing', async () => {
    await bed.routes.replace('web', [ide(target)], unguarded);
    const twin = await get('/id/tidepool:web:ide');
    await expect(add(twin)).rejects.toMatchObject({ message: expect.stringContaining('duplicate ID') });
    const sameInput = { ...twin, '@id': 'mine' };
    await expect(add(sameInput)).rejects.toMatchObject({ message: expect.stringContaining('duplicate input') });
    expect(await bed.routes.list()).toEqual([{ workspace: 'web', routes: [ide(target)] }]);
  });

  test('a changed base config keeps the routes, and they serve', async () => {
    const { target: listening } = await bed.upstream();
    await bed.routes.replace('web', [ide(listening)], unguarded);
    const config = buildBaseConfig({ ...bed.input, user: 'somebody-else' });
    const changed = createProxy({ admin: bed.input.admin, config, program: setup.program });
    expect(await changed.ensureConfig()).toBe(true);
    expect(await changed.ensureConfig()).toBe(false);
    expect(await bed.routes.list()).toEqual([{ workspace: 'web', routes: [ide(listening)] }]);
    expect(await status('/workspace/web/')).toBe(200);
  });

  test('a route that somebody put behind the last one of the origin goes with the next look, and hides none of ours', async () => {
    const { target: listening } = await bed.upstream();
    const path = '/config/apps/http/servers/workspace/routes';
    await askAdmin(bed.input.admin, { method: 'POST', path, json: '{"handle":[{"handler":"static_response"}]}' });
    await bed.routes.replace('web', [ide(listening)], unguarded);
    expect(await status('/workspace/web/')).toBe(200);
    expect(await bed.proxy.ensureConfig()).toBe(true);
    expect(await bed.routes.list()).toEqual([{ workspace: 'web', routes: [ide(listening)] }]);
  });

  test('without the config nothing is routed or can be, until it is loaded, with an empty table', async () => {
    await bed.routes.replace('web', [ide(target)], unguarded);
    await loseConfig();
    expect(await bed.routes.list()).toEqual([]);
    for (const routes of [[ide(target)], []]) {
      const attempt = bed.routes.replace('web', routes, unguarded);
      await expect(attempt).rejects.toMatchObject({ code: 'proxy_unavailable', passing: true });
    }
    expect(await bed.proxy.ensureConfig()).toBe(true);
    expect(await bed.routes.list()).toEqual([]);
    await bed.routes.replace('web', [ide(target)], unguarded);
    expect(await bed.routes.list()).toEqual([{ workspace: 'web', routes: [ide(target)] }]);
  });

  test('a table that somebody spoilt is made anew', async () => {
    await bed.routes.replace('web', [ide(target)], unguarded);
    await patch('/id/tidepool:routes/handle', []);
    expect(await bed.routes.list()).toEqual([]);
    await expect(bed.routes.replace('web', [ide(target)], unguarded)).rejects.toMatchObject({ passing: true });
    expect(await bed.proxy.ensureConfig()).toBe(true);
    await bed.routes.replace('web', [ide(target)], unguarded);
    expect(await bed.routes.list()).toEqual([{ workspace: 'web', routes: [ide(target)] }]);
  });

  test('200 changes by two workers at once lose none', async () => {
    const workers = [bed.routes, routesOf(bed.input, () => undefined)];
    const names = Array.from({ length: 100 }, (_, index) => `web-${String(index).padStart(3, '0')}`);
    const all = (routes: readonly Route[]) =>
      Promise.all(names.map((name, index) => workers[index % 2]?.replace(name, routes, unguarded)));
    await all([ide(target)]);
    expect(await bed.routes.list()).toEqual(names.map((workspace) => ({ workspace, routes: [ide(target)] })));
    await all([ide(moved), port(3000)]);
    const routes = [ide(moved), port(3000)];
    expect(await bed.routes.list()).toEqual(names.map((workspace) => ({ workspace, routes })));
  });

  test('one that fails does not hold up those behind it', async () => {
    const refusing = guardOf(() => {
      throw new Error('mine');
    });
    const failing = bed.routes.replace('web', [ide(target)], refusing);
    const next = bed.routes.replace('notes', [ide(target)], unguarded);
    await expect(failing).rejects.toThrow('mine');
    await next;
    expect(await bed.routes.list()).toEqual([{ workspace: 'notes', routes: [ide(target)] }]);
  });

  test('where somebody is quicker the right to write is checked again, and used once', async () => {
    const asked: string[] = [];
    const guard: Guard = {
      check: () => void asked.push('check'),
      commit(change) {
        asked.push('commit');
        change();
      },
    };
    const { routes, reached, wake } = await suspendedAtAdmin(bed);
    const slower = routes.replace('web', [ide(target)], guard);
    await reached;
    await bed.routes.replace('notes', [ide(target)], unguarded);
    wake();
    await slower;
    expect(asked).toEqual(['check', 'check', 'commit']);
    expect((await bed.routes.list()).map(({ workspace }) => workspace).sort()).toEqual(['notes', 'web']);
  });

  test('an abort ends what Caddy does not answer, and what waits behind it', async () => {
    const { routes, reached } = await suspendedAtAdmin(bed);
    const [first, second] = [new AbortController(), new AbortController()];
    const [late, later] = [new Error('late'), new Error('later')];
    const held = routes.replace('web', [ide(target)], unguarded, first.signal);
    const behind = routes.replace('notes', [ide(target)], unguarded, second.signal);
    await reached;
    second.abort(later);
    await expect(behind).rejects.toBe(later);
    first.abort(late);
    await expect(held).rejects.toBe(late);
    expect(await bed.routes.list()).toEqual([]);
  });

  test('killed in the middle of changes, Caddy comes back with every change that it confirmed', async () => {
    const confirmed: string[] = [];
    const writing = (async () => {
      for (let index = 0; ; index += 1) {
        await bed.routes.replace(`web-${index}`, [ide(target)], unguarded);
        confirmed.push(`web-${index}`);
      }
    })();
    const interrupted = expect(writing).rejects.toMatchObject({ code: 'proxy_unavailable', passing: true });
    await expect.poll(() => confirmed.length, { timeout: 30_000 }).toBeGreaterThan(5);
    await bed.caddy.end('SIGKILL');
    await interrupted;
    await expect(bed.routes.list()).rejects.toMatchObject({ code: 'proxy_unavailable', passing: true });
    const again = await startCaddy({ program: setup.program, home: bed.home, resume: true });
    try {
      const names = (await bed.routes.list()).map(({ workspace }) => workspace);
      expect(names).toEqual(expect.arrayContaining(confirmed));
      expect(names.length - confirmed.length, 'at most the one under way').toBeLessThanOrEqual(1);
      expect(await bed.proxy.ensureConfig()).toBe(false);
      await bed.routes.replace('afterwards', [ide(target)], unguarded);
    } finally {
      await again.end('SIGKILL');
    }
  });

  async function loseConfig(): Promise<void> {
    const admin = await get('/config/admin');
    await askAdmin(bed.input.admin, { method: 'POST', path: '/load', json: JSON.stringify({ admin }) });
  }
});

test('on TCP they are written and read alike', async () => {
  const bed = await startTestbed(setup, { admin: `127.0.0.1:${await freePort()}` });
  try {
    await bed.routes.replace('web', [ide(target)], unguarded);
    expect(await bed.routes.list()).toEqual([{ workspace: 'web', routes: [ide(target)] }]);
  } finally {
    await bed.end();
  }
});

test.each(tooOldCaddies)('a Caddy before 2.7 ($version) is refused, says why, and keeps what it had', async (old) => {
  const bed = await startTestbed({ ...old, routes: 'file' });
  try {
    const { target: listening } = await bed.upstream();
    await bed.routes.replace('web', [ide(listening)], unguarded);
    const config = buildBaseConfig({ ...bed.input, routes: 'admin' });
    const wanted = createProxy({ admin: bed.input.admin, config, program: old.program });
    await expect(wanted.ensureConfig()).rejects.toMatchObject({
      code: 'caddy_too_old',
      passing: false,
      message: expect.stringMatching(/closes all terminals/),
      fix: expect.stringMatching(/TIDEPOOL_CADDY/),
    });
    const question = { port: bed.input.ports.workspace, path: '/workspace/web/', headers: { Cookie: bed.cookie } };
    expect((await ask(question)).status).toBe(200);
    await expect(
      createAdminRoutes({ admin: bed.input.admin, onStray: () => undefined }).replace('web', [ide(target)], unguarded),
    ).rejects.toMatchObject({ code: 'proxy_unavailable' });
  } finally {
    await bed.end();
  }
});

function ide(at: RouteTarget): Route {
  return { port: 'ide', target: at, stripPrefix: true };
}

function port(number: number): Route {
  return { port: number, target, stripPrefix: true };
}
