import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePlace, type Place, tidepoolOnce } from './tidepool-process.ts';

let place: Place;

beforeEach(async () => {
  place = await makePlace();
});

afterEach(async () => {
  await place.clear();
});

/** Whoever runs the tests, inside it is an ordinary user that may read the clone. */
const asOrdinaryUser = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];

function withEnv(env: Readonly<Record<string, string>>): Place {
  return { ...place, env: { ...place.env, ...env } };
}

test('bad variables are all named, each with an example', async () => {
  const bad = withEnv({ TIDEPOOL_APP_PORT: 'http', TIDEPOOL_RUNTIME: 'docker' });
  const { code, output } = await tidepoolOnce(bad, ['up']);
  expect(code).toBe(1);
  expect(output).toContain('TIDEPOOL_APP_PORT must be a port, such as "8080"');
  expect(output).toContain('TIDEPOOL_RUNTIME must be one of auto, incus, tart, sandbox, fake');
  expect(output).not.toContain(' at ');
  expect(existsSync(place.home)).toBe(false);
});

test('a taken port names its holder and how to take another', async () => {
  const server = createServer().listen(place.ports.app, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { code, output } = await tidepoolOnce(place, ['up']);
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`Port ${place.ports.app} is taken by \\S+ \\(process ${process.pid}\\)`));
    expect(output).toMatch(/TIDEPOOL_APP_PORT=\d+ npm start/);
    expect(place.processes()).toEqual([]);
  } finally {
    server.close();
  }
});

test('a home that may not be written is refused with what to do', async () => {
  const closed = join(dirname(place.home), 'closed');
  mkdirSync(closed, { mode: 0o555 });
  const { code, output } = await tidepoolOnce(withEnv({ TIDEPOOL_HOME: join(closed, 'home') }), ['up'], asOrdinaryUser);
  expect(code).toBe(1);
  expect(output.trim().split('\n')).toEqual([
    `${closed}/home cannot be used as the home of Tidepool (EACCES).`,
    'Name a directory that you may write: TIDEPOOL_HOME=/srv/tidepool npm start',
  ]);
});

test('an ordinary user is told the exact commands for what is missing', async () => {
  const bin = join(dirname(place.home), 'bin');
  mkdirSync(bin);
  for (const program of ['flock', 'ss', 'env']) symlinkSync(`/usr/bin/${program}`, join(bin, program));
  const { code, output } = await tidepoolOnce(
    withEnv({ PATH: bin }),
    ['up'],
    ['/usr/bin/unshare', ...asOrdinaryUser.slice(1)],
  );
  expect(code).toBe(1);
  expect(output).toContain('Caddy: caddy cannot be run.');
  const system = readFileSync('/etc/os-release', 'utf8');
  if (/^ID(_LIKE)?=.*(debian|ubuntu)/m.test(system)) {
    expect(output).toContain('  sudo apt-get update\n  sudo apt-get install -y --no-install-recommends caddy');
  }
  expect(place.processes()).toEqual([]);
});

test('doctor finds the same as up, as a table and as JSON, and makes nothing', async () => {
  const server = createServer().listen(place.ports.queue, '127.0.0.1');
  await once(server, 'listening');
  try {
    const table = await tidepoolOnce(place, ['doctor']);
    const json = await tidepoolOnce(place, ['doctor', '--json']);
    expect([table.code, json.code]).toEqual([1, 1]);
    const findings: { id: string; status: string }[] = JSON.parse(json.output);
    const failed = findings.filter(({ status }) => status === 'failed');
    expect(failed.map(({ id }) => id)).toEqual([`port.${place.ports.queue}`]);
    expect(table.output).toContain(`Port ${place.ports.queue}`);
  } finally {
    server.close();
  }
  expect(existsSync(place.home)).toBe(false);
});

test('doctor ends with 0 where all is well', async () => {
  expect((await tidepoolOnce(place, ['doctor', '--json'])).code).toBe(0);
});

test.each([
  [['sing'], 'unknown command'],
  [['up', '--fast'], 'unknown option'],
  [['create'], 'missing required argument'],
  [['create', 'web-app', '--memory', 'much'], 'whole number'],
  [['create', 'web-app', '--ref', 'main'], '--git'],
  [['clone-source'], 'missing required argument'],
  [['ls', '--sort', 'size'], 'name, lastUsed, -lastUsed'],
  [['jobs', '--lost'], 'unknown option'],
  [['exec'], 'missing required argument'],
  [['exec', 'web-app'], 'missing required argument'],
])('%j is refused with 2 and a way to the help', async (args, why) => {
  const { code, output } = await tidepoolOnce(place, args);
  expect(code).toBe(2);
  expect(output).toContain(why);
  expect(output).toContain('tidepool --help');
});

test.each([[[]], [['--help']], [['up', '--help']], [['exec', '--help']]])('%j shows what there is', async (args) => {
  const { code, output } = await tidepoolOnce(place, args);
  expect(code).toBe(args.length === 0 ? 2 : 0);
  expect(output).toContain('Usage: tidepool');
});
