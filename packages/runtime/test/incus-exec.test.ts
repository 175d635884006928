/** A command inside whose connection goes wrong: against a daemon that hangs, or whose sockets break. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { PassThrough } from 'node:stream';
import { parseConfig } from '@tidepool/core';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { execInside } from '../src/incus/exec-instance.ts';
import { type IncusHome, openIncusHome } from '../src/incus/incus-home.ts';

let directory: string;
let home: IncusHome;
let server: Server;
let sockets: WebSocketServer;
/** How the operation ends; null while it does not. */
let outcome: unknown;
/** Whether Incus says that all of the output has come. */
let isWhole: boolean;
/** The secret of the socket that Incus refuses. */
let refused: string | null;
/** Whether Incus pings, and how often it was answered. */
let pings: boolean;
let pongs: number;

beforeEach(async () => {
  directory = mkdtempSync('/tmp/tp-');
  [refused, pings, pongs] = [null, false, 0];
  const around = { cwd: '/', homeDirectory: directory, isRoot: false, totalMemoryMiB: 4096 };
  const { incus: config } = parseConfig({ INCUS_DIR: directory }, around);
  home = openIncusHome({ config, home: directory, images: directory, log: pino({ level: 'silent' }) });
  const labels = { 'user.tidepool.workspace': 'one', 'user.tidepool.home': home.claimIdentity() };
  const nothing = { devices: {}, expanded_devices: {} };
  const found = { name: 'tp-one', type: 'container', status: 'Running', config: labels, ...nothing };
  const fds = { 0: 'in', 1: 'out', 2: 'errors', control: 'control' };
  server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    if (path.endsWith('/wait') && outcome === null) return;
    const metadata = path.endsWith('/wait') ? { metadata: outcome } : found;
    const begun = { type: 'async', operation: '/1.0/operations/7', metadata: { metadata: { fds } } };
    response.end(JSON.stringify(path.endsWith('/exec') ? begun : { type: 'sync', metadata }));
  });
  sockets = new WebSocketServer({
    server,
    verifyClient: ({ req }, done) => done(refused === null || req.url?.endsWith(`=${refused}`) === false, 500),
  });
  sockets.on('connection', (socket) => {
    socket.send(Buffer.from('half'));
    if (isWhole) socket.send('');
    socket.on('pong', () => {
      pongs += 1;
    });
    // The client's own close comes behind whatever it answers.
    if (pings) {
      socket.ping();
      socket.close();
    } else if (outcome !== null) socket.terminate();
  });
  await new Promise<void>((resolve) => server.listen(`${directory}/unix.socket`, resolve));
});
afterEach(async () => {
  for (const each of sockets.clients) each.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await home.client.close();
  rmSync(directory, { recursive: true, force: true });
});

const run = (signal: AbortSignal) =>
  execInside(home, 'one', ['true'], { stdin: null, stdout: new PassThrough(), stderr: new PassThrough() }, signal);

test('a command whose output broke off does not end well', async () => {
  [outcome, isWhole] = [{ return: 0 }, false];
  await expect(run(AbortSignal.timeout(60_000))).rejects.toMatchObject({ code: 'runtime_unavailable' });
  isWhole = true;
  expect(await run(AbortSignal.timeout(60_000))).toBe(0);
});

test('a command that had ended before it could be controlled has ended well', async () => {
  [outcome, isWhole, refused] = [{ return: 0 }, true, 'control'];
  expect(await run(AbortSignal.timeout(60_000))).toBe(0);
});

test('a ping is not answered: who sent it may be gone, and what it said before would be lost', async () => {
  [outcome, isWhole, pings] = [{ return: 0 }, true, true];
  expect(await run(AbortSignal.timeout(60_000))).toBe(0);
  await vi.waitUntil(() => sockets.clients.size === 0, 60_000);
  expect(pongs).toBe(0);
});

test('an aborted command ends although Incus never says so', async () => {
  [outcome, isWhole] = [null, false];
  await expect(run(AbortSignal.timeout(500))).rejects.toMatchObject({ code: 'runtime_unavailable' });
}, 60_000);
