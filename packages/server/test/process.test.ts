/** The server's process: ready, graceful, killed, in the way, and what a kill -9 may not lose. */
import { rmSync } from 'node:fs';
import { accepted } from '@tidepool/core';
import { checkInvariants, createStore, type Store } from '@tidepool/db';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEvents } from './event-client.ts';
import { configOf, hostRecord, newHome, storeOptions } from './harness.ts';
import { type ServerProcess, spawnOn, spawnServer } from './server-process.ts';

let home: string;
let store: Store;
let servers: ServerProcess[];
beforeEach(() => {
  home = newHome();
  store = createStore({ ...storeOptions(configOf(home)), budgetMiB: 1_000_000 });
  store.writeHost(hostRecord);
  servers = [];
});
afterEach(async () => {
  for (const { child } of servers) child.kill('SIGKILL');
  await Promise.all(servers.map(({ exited }) => exited));
  store.close();
  const broken = checkInvariants(configOf(home).paths.database);
  rmSync(home, { recursive: true, force: true });
  expect(broken).toEqual([]);
});

async function start(): Promise<ServerProcess> {
  const server = await spawnServer(home);
  servers.push(server);
  return server;
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it gracefully, streams and all', async (signal) => {
  const server = await start();
  const stream = await openEvents(server.port);
  server.child.kill(signal);
  expect(await server.exited).toBe(0);
  await stream.ended;
  expect(stream.raw()).toMatch(/retry: 1000\n\n$/);
});

test('the end of its supervisor ends it gracefully', async () => {
  const server = await start();
  server.child.disconnect();
  expect(await server.exited).toBe(0);
});

test('it logs JSON lines and nothing else', async () => {
  const server = await start();
  await server.ask('/api/nothing');
  server.child.kill('SIGTERM');
  await server.exited;
  const lines = server.output().trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(
    expect.arrayContaining(['listening', 'refused', 'stopping']),
  );
  expect(server.output()).not.toContain('p'.repeat(43));
});

test('a port that is taken is one clear line and exit code 1', async () => {
  const { port } = await start();
  const second = spawnOn(home, port);
  expect(await second.exited).toBe(1);
  const lines = second.output().trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '').msg).toContain(`Port ${port} on 127.0.0.1 is taken`);
  expect(JSON.parse(lines[0] ?? '').msg).toContain('TIDEPOOL_API_PORT');
});

test('without the secret of its home it does not start', async () => {
  const server = spawnOn(home, 1, { TIDEPOOL_PROXY_SECRET: '' });
  expect(await server.exited).toBe(1);
  expect(server.output()).toContain('TIDEPOOL_PROXY_SECRET is missing');
});

test('killed with -9 in the middle of requests it loses nothing it accepted, and a repeated key gives the same job', async () => {
  const answered = new Map<string, string>();
  const wrong: string[] = [];
  const name = (round: number, index: number) => `web-${round}-${index}`;
  const create = (server: ServerProcess, workspace: string) =>
    server.ask('/api/workspaces', {
      method: 'POST',
      headers: { 'idempotency-key': `key-${workspace}` },
      body: { name: workspace, memoryMiB: 512 },
    });

  for (let round = 0; round < 3; round += 1) {
    const server = await start();
    const requests = Array.from({ length: 40 }, async (_, index) => {
      const answer = await create(server, name(round, index));
      if (answer.status === 202) answered.set(name(round, index), accepted.parse(answer.json()).job.id);
      else wrong.push(answer.text);
    });
    // Those that the kill cut off reject.
    const over = Promise.allSettled(requests);
    const before = answered.size;
    await expect.poll(() => answered.size, { interval: 1, timeout: 30_000 }).toBeGreaterThan(before + round * 5);
    server.child.kill('SIGKILL');
    await server.exited;
    await over;
  }
  expect(wrong).toEqual([]);

  for (const [workspace, jobId] of answered) {
    expect(store.job(jobId)).toMatchObject({ workspaceName: workspace, status: 'queued' });
    expect(store.workspace(workspace)?.jobId).toBe(jobId);
  }
  // Whoever got no answer asks again with the same key: the same job where it was accepted, a new one where not.
  const server = await start();
  for (let round = 0; round < 3; round += 1) {
    for (let index = 0; index < 40; index += 1) {
      const workspace = name(round, index);
      const known = store.workspace(workspace)?.jobId;
      const answer = await create(server, workspace);
      expect(answer.status, answer.text).toBe(202);
      const { job } = accepted.parse(answer.json());
      if (known) expect(job.id).toBe(known);
      expect(answered.get(workspace) ?? job.id).toBe(job.id);
    }
  }
  expect(store.counts()).toMatchObject({ total: 120, openJobs: 120 });
});
