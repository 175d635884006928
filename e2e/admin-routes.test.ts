/** The whole with routes in Caddy's own config, on the newest Caddy: both journeys, Caddy killed and emptied, an old one refused. */
import { mkdtemp, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askAdmin } from '../packages/caddy/src/admin-client.ts';
import { newestCaddy, tooOldCaddies } from '../packages/caddy/test/caddy-versions.ts';
import { agentJourney } from './agent-journey.ts';
import { openBrowser, type SignedIn } from './browser.ts';
import { openTerminal, publish, run, serveShells } from './inside.ts';
import { personJourney } from './person-journey.ts';
import { createRunning, finished, startTidepool, type Tidepool, until } from './tidepool.ts';

const root = new URL('..', import.meta.url).pathname;
const env = { TIDEPOOL_ROUTES: 'admin', TIDEPOOL_CADDY: newestCaddy.program };

describe('with the newest Caddy', () => {
  let tidepool: Tidepool;
  let browser: SignedIn | undefined;
  beforeAll(async () => {
    tidepool = await startTidepool({ env });
  });
  afterAll(async () => {
    await browser?.close();
    await tidepool?.dispose();
  });

  const admin = () => `unix/${tidepool.home}/caddy/admin.sock`;
  const entry = (id: string) => askAdmin(admin(), { method: 'GET', path: `/id/${id}` });
  const status = async (path: string) =>
    (await fetch(`${tidepool.workspaceOrigin}${path}`, { headers: { authorization: tidepool.authorization } })).status;

  test('the host says where its routes stand', async () => {
    const routes = async () => (await tidepool.api('getHost', {})).observed?.routes;
    // The first look may be older than Caddy's config.
    await until('Caddy to be healthy', async () => (await routes())?.healthy);
    expect(await routes()).toEqual({ kind: 'admin', caddyVersion: newestCaddy.version, healthy: true });
  });

  test('an agent creates, works, publishes, stops, starts and deletes', async () => {
    await agentJourney(tidepool);
    await expect(entry('tidepool:web-app:ide')).rejects.toMatchObject({ message: expect.stringContaining('404') });
  });

  test('a person does the same in a browser', async () => {
    browser = await openBrowser(tidepool);
    await personJourney(tidepool, browser);
  });

  test('terminals stay open while others come, change their ports and go', async () => {
    await createRunning(tidepool, 'harbour');
    await serveShells(tidepool, 'harbour', 3000);
    const url = await publish(tidepool, 'harbour', 3000);
    expect(await entry('tidepool:harbour:3000')).toContain('outputs');
    const terminals = await Promise.all(Array.from({ length: 20 }, () => openTerminal(tidepool, url)));
    const shells = await Promise.all(terminals.map((terminal) => terminal.ask('echo shell-$$')));
    expect(new Set(shells).size).toBe(20);

    await createRunning(tidepool, 'guest');
    for (const port of [4001, 4002, 4003]) await tidepool.api('addPort', { params: { id: 'guest' }, body: { port } });
    await until('no change of its ports to be under way', async () => {
      const { jobId } = await tidepool.api('getWorkspace', { params: { id: 'guest' } });
      return jobId === null;
    });
    await finished(tidepool, await tidepool.api('deleteWorkspace', { params: { id: 'guest' } }));

    expect(await Promise.all(terminals.map((terminal) => terminal.ask('echo shell-$$')))).toEqual(shells);
    expect(terminals.filter((terminal) => terminal.closed())).toEqual([]);
    for (const terminal of terminals) terminal.close();
  });

  test('Caddy killed serves them again; one that lost its config is given it and them, with nobody’s help', async () => {
    const [caddy] = await tidepool.pids('caddy\0run');
    if (caddy === undefined) throw new Error('Caddy does not run');
    process.kill(caddy, 'SIGKILL');
    await until('Caddy to serve again', async () => (await status('/workspace/harbour/')) === 200);
    expect(await entry('tidepool:harbour:ide')).toContain('outputs');

    const bare = JSON.parse(await askAdmin(admin(), { method: 'GET', path: '/config/admin' }));
    await askAdmin(admin(), { method: 'POST', path: '/load', json: JSON.stringify({ admin: bare }) });
    await until('the routes to be back', async () => (await status('/workspace/harbour/')) === 200);
    expect(await entry('tidepool:harbour:3000')).toContain('outputs');
  });

  test('Caddy whose admin endpoint somebody closed is started anew, with all its routes', async () => {
    const before = await tidepool.pids('caddy\0run');
    await askAdmin(admin(), { method: 'POST', path: '/load', json: '{"admin": {"disabled": true}}' });
    await until('another Caddy', async () => {
      const pids = await tidepool.pids('caddy\0run');
      return pids.length > 0 && !pids.some((pid) => before.includes(pid));
    });
    await until('the routes to be back', async () => (await status('/workspace/harbour/')) === 200);
    expect(await entry('tidepool:harbour:3000')).toContain('outputs');
  });
});

describe.each(tooOldCaddies)('with a Caddy before 2.7 ($version)', ({ program }) => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp('/tmp/tp-');
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  test.each(['up', 'doctor'])('tidepool %s refuses, says why, and what to do', async (command) => {
    const old = { TIDEPOOL_HOME: home, TIDEPOOL_ROUTES: 'admin', TIDEPOOL_CADDY: program };
    const { code, stdout, stderr } = await run(process.execPath, ['packages/cli/src/main.ts', command], {
      cwd: root,
      env: old,
    });
    expect(code).toBe(1);
    // The doctor's table breaks lines in its cells.
    const said = `${stdout}${stderr}`.replaceAll(/[\s│]+/g, ' ');
    expect(said).toContain('too old for');
    expect(said).toContain('TIDEPOOL_ROUTES=admin');
    if (command === 'doctor') return;
    expect(said).toContain('an older one closes all terminals at each change');
    expect(said).toContain('Install a newer Caddy and name it in TIDEPOOL_CADDY, or leave TIDEPOOL_ROUTES out');
  });
});
