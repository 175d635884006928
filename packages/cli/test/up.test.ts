import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePlace, type Place, tidepoolOnce, until, up } from './tidepool-process.ts';

let place: Place;

beforeEach(async () => {
  place = await makePlace();
});

afterEach(async () => {
  await place.clear();
});

async function isHealthy(): Promise<boolean> {
  const health = await place
    .api()('getHealth', { signal: AbortSignal.timeout(5_000) })
    .catch(() => null);
  return health?.status === 'ok';
}

test('up prints an address that answers, with the user and the password that it takes', async () => {
  const running = await up(place);
  expect(running.output()).toContain(`Address   http://localhost:${place.ports.app}/app/`);
  const [, user] = /User +(\S+)/.exec(running.output()) ?? [];
  const [, password = ''] = /Password +(\S+)/.exec(running.output()) ?? [];
  expect({ user, password }).toEqual(place.credentials());
  expect(await place.api(password)('getHealth', {})).toEqual({ status: 'ok' });
  await expect(place.api('wrong-password')('getHealth', {})).rejects.toMatchObject({ status: 401 });
  const page = await fetch(`http://localhost:${place.ports.app}/app/`, {
    headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
  });
  expect(page.status).toBe(200);
});

test('what is secret is closed to others', async () => {
  await up(place);
  const mode = (name: string) => (statSync(join(place.home, name)).mode & 0o777).toString(8);
  for (const name of ['credentials.json', 'secrets.json']) expect(mode(name), name).toBe('600');
  for (const name of ['run', 'sessions', 'caddy', 'routes', '.logs']) expect(mode(name), name).toBe('700');
});

test('Ctrl-C ends it with 0 and leaves no process', async () => {
  const running = await up(place);
  expect(place.processes().length).toBeGreaterThan(3);
  running.child.kill('SIGINT');
  expect(await running.ended()).toBe(0);
  expect(place.processes()).toEqual([]);
});

test('a second Ctrl-C ends it at once with 130 and leaves no process', async () => {
  const running = await up(place);
  const worker = place.recorded().worker ?? 0;
  // A worker that does not answer would hold the graceful way up.
  process.kill(worker, 'SIGSTOP');
  running.child.kill('SIGINT');
  await until(() => running.output().includes('Stopping the workspaces'));
  // What comes at once is the same Ctrl-C, passed on by npm.
  await pause(500);
  running.child.kill('SIGINT');
  expect(await running.ended()).toBe(130);
  await until(() => place.processes().length === 0);
});

test('each process that dies is started again', async () => {
  await up(place);
  for (const name of ['queue', 'server', 'worker', 'caddy']) {
    const before = place.recorded()[name] ?? 0;
    process.kill(before, 'SIGKILL');
    const after = await until(() => {
      const pid = place.recorded()[name];
      return pid !== undefined && pid !== before ? pid : null;
    });
    expect(after).not.toBe(before);
    await until(isHealthy);
  }
  const log = readFileSync(join(place.home, '.logs/_tidepool/up.jsonl'), 'utf8');
  expect(log.match(/"code":"SIGKILL","msg":"ended"/g)).toHaveLength(4);
});

test('after a kill -9 the next start adopts Caddy and replaces the rest', async () => {
  const first = await up(place);
  const before = place.recorded();
  first.child.kill('SIGKILL');
  await first.ended();
  // Caddy goes on serving with nobody to read what it says.
  await fetch(`http://localhost:${place.ports.app}/api/health`).then((answer) => expect(answer.status).toBe(401));

  const second = await up(place);
  const after = place.recorded();
  expect(after.caddy).toBe(before.caddy);
  for (const name of ['queue', 'server', 'worker']) expect(after[name], name).not.toBe(before[name]);
  expect(await isHealthy()).toBe(true);

  process.kill(after.caddy ?? 0, 'SIGKILL');
  await until(() => ![after.caddy, undefined].includes(place.recorded().caddy));
  await until(isHealthy);
  second.child.kill('SIGTERM');
  expect(await second.ended()).toBe(0);
  expect(place.processes()).toEqual([]);
});

test('a second one on the same home is told who has it', async () => {
  const running = await up(place);
  const { code, output } = await tidepoolOnce(place, ['up']);
  expect(code).toBe(1);
  expect(output.split('\n')[0]).toBe(`Another Tidepool runs on ${place.home} (process ${running.child.pid}).`);
  expect(await isHealthy()).toBe(true);
});

test('another password signs everybody out and is the one that counts', async () => {
  const first = await up(place);
  const old = place.credentials().password;
  await openPage(`http://localhost:${place.ports.app}/app/sign-in?return=/workspace/web-app/`, `tidepool:${old}`);
  const sessions = () => readdirSync(join(place.home, 'sessions'));
  expect(sessions()).toHaveLength(1);
  first.child.kill('SIGINT');
  await first.ended();
  place = { ...place, env: { ...place.env, TIDEPOOL_PASSWORD: 'another password' } };
  await up(place);
  expect(sessions()).toEqual([]);
  expect(await place.api('another password')('getHealth', {})).toEqual({ status: 'ok' });
  await expect(place.api(old)('getHealth', {})).rejects.toMatchObject({ status: 401 });
});

/** As a browser asks for a page. Node's own fetch says of itself that it is none. */
async function openPage(address: string, auth: string): Promise<void> {
  const asked = get(address, { auth, headers: { 'sec-fetch-mode': 'navigate', accept: 'text/html' } });
  const [response]: IncomingMessage[] = await once(asked, 'response');
  response?.resume();
}
