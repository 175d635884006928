/** What counts as an editor that answers, over TCP and over the socket of a relay. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import type { RouteTarget } from '@tidepool/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lastHeartbeat, openPage } from '../src/ide-page.ts';

let relay: string;
const closing: (() => void)[] = [];
beforeEach(async () => {
  relay = await mkdtemp('/tmp/tp-r-');
  await mkdir(`${relay}/k3f9a2`);
});
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await rm(relay, { recursive: true, force: true });
});

const signal = AbortSignal.timeout(60_000);

function askPage(target: RouteTarget, until = signal) {
  const page = openPage(target, relay);
  closing.push(() => void page.close());
  return page.ask(until);
}

async function serve(kind: RouteTarget['kind'], listener: RequestListener): Promise<RouteTarget> {
  const server = createServer(listener);
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const place = kind === 'unix' ? { path: `${relay}/k3f9a2/8080.sock` } : { host: '127.0.0.1', port: 0 };
  await new Promise<void>((resolve) => server.listen(place, resolve));
  if (kind === 'unix') return { kind, instance: 'k3f9a2', port: 8080 };
  return { kind, host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

describe.each(['tcp', 'unix'] as const)('over %s', (kind) => {
  test('a page is ready, also behind the redirect to its folder', async () => {
    const target = await serve(kind, ({ url }, response) => {
      if (url === '/') response.writeHead(302, { location: './?folder=/home/dev/project' });
      else response.statusCode = url === '/?folder=/home/dev/project' ? 200 : 404;
      response.end();
    });
    expect(await askPage(target)).toEqual({ ready: true, what: '200' });
  });

  test.each([404, 500, 503])('a %i is not ready', async (status) => {
    const target = await serve(kind, (_, response) => void response.writeHead(status).end());
    expect(await askPage(target)).toEqual({ ready: false, what: `${status}` });
  });

  test('redirects without end are not ready', async () => {
    const target = await serve(kind, (_, response) => void response.writeHead(302, { location: '/' }).end());
    expect(await askPage(target)).toEqual({ ready: false, what: 'too many redirects' });
  });
});

test('nothing there, and a relay that accepts and hangs up, are not ready', async () => {
  expect((await askPage({ kind: 'unix', instance: 'k3f9a2', port: 8080 })).ready).toBe(false);
  const server = createTcpServer((socket) => socket.destroy());
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(`${relay}/k3f9a2/8080.sock`, resolve));
  expect((await askPage({ kind: 'unix', instance: 'k3f9a2', port: 8080 })).ready).toBe(false);
});

test('one that is asked again is found when it comes, also where somebody hung up there before', async () => {
  const page = openPage({ kind: 'unix', instance: 'k3f9a2', port: 8080 }, relay);
  closing.push(() => void page.close());
  const socket = `${relay}/k3f9a2/8080.sock`;
  expect((await page.ask(signal)).ready).toBe(false);
  const early = createTcpServer((connection) => connection.destroy());
  await new Promise<void>((resolve) => early.listen(socket, resolve));
  expect((await page.ask(signal)).ready).toBe(false);
  await new Promise((resolve) => early.close(resolve));
  const editor = createServer((_, response) => void response.end());
  closing.push(() => {
    editor.closeAllConnections();
    editor.close();
  });
  await new Promise<void>((resolve) => editor.listen(socket, resolve));
  expect(await page.ask(signal)).toEqual({ ready: true, what: '200' });
});

test('an abort ends the asking with its reason', async () => {
  const target = await serve('tcp', () => undefined);
  const abort = new AbortController();
  const asked = askPage(target, abort.signal);
  abort.abort(new Error('cancelled'));
  await expect(asked).rejects.toThrow('cancelled');
});

test('a heartbeat that is no time is null, and one that is still to come is now', async () => {
  const answers = { '1e300': null, '-1': null, '8.7e15': null, '253402300799999': 'now' };
  for (const [answer, expected] of Object.entries(answers)) {
    const target = await serve('tcp', (_, response) => void response.end(`{"lastHeartbeat":${answer}}`));
    const before = Date.now();
    const at = await lastHeartbeat(target, relay, signal);
    if (expected === null) expect(at).toBeNull();
    else {
      expect(at?.getTime()).toBeGreaterThanOrEqual(before);
      expect(at?.getTime()).toBeLessThanOrEqual(Date.now());
    }
  }
});

test('the heartbeat is when somebody was connected; nobody, nonsense and too much are null', async () => {
  const answers = ['{"status":"alive","lastHeartbeat":1767225600000}', '{"lastHeartbeat":0}', '{"lastHeartbeat":"x"}'];
  const expected = [new Date('2026-01-01T00:00:00.000Z'), null, null];
  for (const [index, answer] of answers.entries()) {
    const target = await serve('tcp', (_, response) => void response.end(answer));
    expect(await lastHeartbeat(target, relay, signal)).toEqual(expected[index]);
  }
  const endless = await serve('tcp', (_, response) => {
    const more = () => {
      if (!response.destroyed) response.write('x'.repeat(65_536), more);
    };
    more();
  });
  expect(await lastHeartbeat(endless, relay, signal)).toBeNull();
});

test.each([
  ['a page that comes byte by byte', 'HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n', 'x'],
  ['hints without end', '', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'],
])('%s is not ready, and not waited for until all time is over', async (_, first, again) => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.write(first);
    const timer = setInterval(() => socket.write(again), 500);
    socket.on('close', () => clearInterval(timer));
  });
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(`${relay}/k3f9a2/8080.sock`, resolve));
  const answer = await askPage({ kind: 'unix', instance: 'k3f9a2', port: 8080 });
  expect(answer).toEqual({ ready: false, what: 'no whole answer in 20 s' });
});
