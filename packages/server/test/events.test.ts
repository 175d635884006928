/** The event stream: nothing missing, nothing twice, in order, also across gaps; a reset where that cannot be. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { usageEvent } from '@tidepool/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorkspace, finishJob, runningWorkspace } from './drive.ts';
import { type EventClient, openEvents } from './event-client.ts';
import { type Running, startServer } from './harness.ts';

let server: Running;
let clients: EventClient[];
beforeEach(async () => {
  server = await startServer();
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.close();
  const serverErrors = server.logged.filter(({ level }) => level >= 50);
  await server.stop();
  expect(serverErrors).toEqual([]);
});

async function open(options?: { query?: string; lastEventId?: string }): Promise<EventClient> {
  const client = await openEvents(server.port, options);
  clients.push(client);
  await expect.poll(() => client.events.length).toBeGreaterThan(0);
  return client;
}
const idsOf = (client: EventClient) => client.activity().map(({ activity }) => activity.id);
const lastId = () => server.store.activityBounds().last;
const until = (client: EventClient) => expect.poll(() => idsOf(client).at(-1), { timeout: 15_000 }).toBe(lastId());
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('a first connection is greeted with where it stands, then gets each row once, with the state after it', async () => {
  createWorkspace(server.store, 'before');
  const from = lastId();
  const client = await open();
  expect(client.events[0]).toEqual({
    id: `${server.store.databaseId()}-${from}`,
    event: 'hello',
    data: '{"resumed":false}',
  });
  expect(client.raw()).toMatch(/^retry: 1000\n\n/);
  createWorkspace(server.store, 'web');
  finishJob(server.store, 'web');
  await until(client);
  expect(idsOf(client)).toEqual(range(from + 1, lastId()));
  expect(client.activity().at(-1)?.workspace).toMatchObject({ name: 'web', status: 'running' });
  expect(client.activity().at(-1)?.job).toMatchObject({ kind: 'create', status: 'succeeded' });
});

test('a client that comes back gets what it missed, and only that', async () => {
  const first = await open();
  createWorkspace(server.store, 'web');
  await until(first);
  first.close();
  const seen = lastId();
  finishJob(server.store, 'web');
  const second = await open({ lastEventId: first.lastId() });
  expect(second.events[0]).toMatchObject({ event: 'hello', data: '{"resumed":true}' });
  await until(second);
  expect(idsOf(second)).toEqual(range(seen + 1, lastId()));
});

test('a client that missed nothing gets nothing twice', async () => {
  const first = await open();
  createWorkspace(server.store, 'web');
  await until(first);
  const second = await open({ lastEventId: first.lastId() });
  createWorkspace(server.store, 'other');
  await until(second);
  expect(idsOf(second)[0]).toBeGreaterThan(idsOf(first).at(0) ?? 0);
  expect(new Set(idsOf(second)).size).toBe(idsOf(second).length);
});

test.each([
  ['another database', () => 'ffff-1', 'other_database'],
  ['an id beyond the end', () => `${server.store.databaseId()}-999999`, 'ahead'],
  ['nonsense', () => 'nonsense', 'unknown_id'],
])('%s is a reset', async (_what, lastEventId, reason) => {
  createWorkspace(server.store, 'web');
  const client = await open({ lastEventId: lastEventId() });
  expect(client.events[0]).toMatchObject({ event: 'reset', data: JSON.stringify({ reason }) });
  expect(client.events[0]?.id).toBe(`${server.store.databaseId()}-${lastId()}`);
});

test('a stream of one workspace carries no other', async () => {
  const { id } = createWorkspace(server.store, 'web');
  const client = await open({ query: '?workspace=web' });
  runningWorkspace(server.store, 'other');
  finishJob(server.store, 'web');
  await until(client);
  expect(new Set(client.activity().map(({ activity }) => activity.workspaceId))).toEqual(new Set([id]));
});

test('what running workspaces take comes once for each measurement, without an id, narrowed as the stream is', async () => {
  const [web, other] = [runningWorkspace(server.store, 'web'), runningWorkspace(server.store, 'other')];
  const [all, one] = [await open(), await open({ query: '?workspace=web' })];
  const measure = (memoryMiB: number) => {
    const taken = { cpus: 0.5, memoryMiB, diskMiB: null };
    const listening = null;
    server.store.measured(
      [web, other].map(({ id }) => ({ workspaceId: id, ...taken, listening })),
      new Date(),
    );
  };
  const told = (client: EventClient) =>
    client.events
      .filter(({ event }) => event === 'usage')
      .map(({ id, data }) => ({ id, workspaces: usageEvent.parse(JSON.parse(data)).workspaces }));
  measure(300);
  await expect.poll(() => told(all).length, { timeout: 15_000 }).toBe(1);
  measure(400);
  await expect.poll(() => told(all).length, { timeout: 15_000 }).toBe(2);
  expect(told(all).map(({ id }) => id)).toEqual(['', '']);
  expect(
    told(all)[1]
      ?.workspaces.map(({ id }) => id)
      .sort(),
  ).toEqual([web.id, other.id].sort());
  await expect.poll(() => told(one).length, { timeout: 15_000 }).toBe(2);
  expect(told(one)[1]?.workspaces).toMatchObject([{ id: web.id, usage: { cpus: 0.5, memoryMiB: 400 } }]);
});

test('100 clients each get every row', async () => {
  const many = await Promise.all(Array.from({ length: 100 }, () => open()));
  const from = lastId();
  for (let index = 0; index < 20; index += 1) createWorkspace(server.store, `web-${index}`);
  for (const client of many) await until(client);
  for (const client of many) expect(idsOf(client)).toEqual(range(from + 1, lastId()));
});

test('what another process writes arrives, each row once', async () => {
  const client = await open();
  const from = lastId();
  const script = fileURLToPath(new URL('./write-activity.ts', import.meta.url));
  const writer = spawn(process.execPath, [script, server.config.paths.database, '50'], { stdio: 'inherit' });
  const [code] = await once(writer, 'exit');
  expect(code).toBe(0);
  await until(client);
  expect(idsOf(client)).toEqual(range(from + 1, lastId()));
  expect(lastId() - from).toBeGreaterThanOrEqual(50);
});

test('the end of the server ends every stream with a hint when to come back', async () => {
  const client = await open();
  await server.stop();
  await client.ended;
  expect(client.raw()).toMatch(/retry: 1000\n\n$/);
  server = await startServer();
});

test('streams of an unknown workspace, or with an unknown field, are refused', async () => {
  expect((await server.ask('/api/events?workspace=nobody')).status).toBe(404);
  expect((await server.ask('/api/events?bogus=1')).status).toBe(400);
});
