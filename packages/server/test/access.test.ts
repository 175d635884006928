/** Who may ask: only Caddy, the right origin, no other site; and what is no HTTP at all. */
import { problem } from '@tidepool/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorkspace } from './drive.ts';
import { fingerprint, proxySecret, type Running, startServer } from './harness.ts';
import { sendRaw } from './raw.ts';

let server: Running;
beforeEach(async () => {
  server = await startServer({ env: { TIDEPOOL_APP_ORIGIN: 'https://ide.example.org' } });
});
afterEach(async () => {
  const serverErrors = server.logged.filter(({ level }) => level >= 50);
  await server.stop();
  expect(serverErrors).toEqual([]);
});

const own = 'X-Tidepool-Proxy';

test.each(['', 'x', 'q'.repeat(43), `${proxySecret}x`, `${proxySecret}, ${proxySecret}`])(
  'without the secret of this home (%j) nothing is answered',
  async (secret) => {
    for (const path of ['/', '/app/', '/api/health', '/api/workspaces', '/-/no-route', '/nothing']) {
      const answer = await server.ask(path, { headers: { [own]: secret, 'sec-fetch-mode': 'cors' } });
      expect(answer.status).toBe(403);
      expect(problem.parse(answer.json()).code).toBe('not_through_proxy');
    }
  },
);

test.each(['/api/health', '/api/workspaces', '/app/', '/app/sign-in?return=/workspace/web/', '/app'])(
  'the workspace origin does not reach %s',
  async (path) => {
    const answer = await server.ask(path, { listener: 'workspace', headers: { 'sec-fetch-mode': 'cors' } });
    expect([answer.status, problem.parse(answer.json()).code]).toEqual([403, 'not_through_proxy']);
  },
);

test('the pages of the workspace origin are not found on the app origin', async () => {
  for (const path of ['/-/no-route', '/-/unreachable', '/-/signed-in?return=/workspace/web/', '/-/x']) {
    expect((await server.ask(path)).status).toBe(403);
  }
});

test('who is not signed in gets nothing', async () => {
  for (const path of ['/api/workspaces', '/app/', '/app/sign-in?return=/workspace/web/']) {
    const answer = await server.ask(path, { auth: 'none', headers: { 'sec-fetch-mode': 'cors' } });
    expect([answer.status, problem.parse(answer.json()).code]).toEqual([401, 'unauthenticated']);
  }
});

const host = 'localhost:8080';
test.each([
  [{ origin: 'http://localhost:8081' }],
  [{ origin: 'http://localhost' }],
  [{ origin: 'http://evil.example' }],
  [{ origin: 'http://localhost:8080.evil.example' }],
  [{ origin: 'http://localhost:8080@evil.example' }],
  [{ origin: 'http://evil.example/localhost:8080' }],
  [{ origin: 'null' }],
  [{ origin: '' }],
  [{ origin: 'file://localhost:8080' }],
  [{ origin: 'http://ide.example.org' }],
  [{ 'sec-fetch-site': 'cross-site' }],
  [{ 'sec-fetch-site': 'same-site' }],
  [{ 'sec-fetch-site': 'same-site', origin: 'http://localhost:8080' }],
  [{ 'sec-fetch-site': '' }],
])('a change is refused from elsewhere: %j', async (headers) => {
  createWorkspace(server.store, 'web-app');
  const before = fingerprint(server.store);
  for (const [method, path] of [
    ['POST', '/api/workspaces'],
    ['DELETE', '/api/workspaces/web-app'],
    ['PATCH', '/api/workspaces/web-app'],
    ['POST', '/app/sign-out'],
  ]) {
    const answer = await server.ask(path ?? '', {
      method: method ?? '',
      headers: { host, ...headers },
      body: { name: 'x' },
    });
    expect([answer.status, problem.parse(answer.json()).code]).toEqual([403, 'foreign_origin']);
  }
  expect(fingerprint(server.store)).toEqual(before);
});

test.each([
  ['a', { host, origin: 'http://localhost:8080' }],
  ['b', { host, origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }],
  ['c', { host, 'sec-fetch-site': 'none' }],
  ['d', { host: 'localhost', origin: 'http://localhost' }],
  ['e', { host: 'localhost:80', origin: 'http://localhost' }],
  ['f', { host: '[::1]:8080', origin: 'http://[::1]:8080' }],
  ['g', { host: '127.0.0.1:7163', origin: 'https://ide.example.org' }],
])('a change is accepted from our own page or no browser (%s)', async (letter, headers) => {
  const answer = await server.ask('/api/workspaces', { method: 'POST', headers, body: { name: `web-${letter}` } });
  expect(answer.status, answer.text).toBe(202);
});

test('every answer carries the headers that keep browsers honest', async () => {
  for (const path of ['/api/health', '/api/nothing', '/app/', '/nothing', '/']) {
    const { headers } = await server.ask(path, { headers: { 'sec-fetch-mode': 'navigate' } });
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['x-request-id']).toMatch(/^req_/);
  }
});

const head = `Host: localhost:8080\r\n${own}: ${proxySecret}\r\nX-Tidepool-Listener: app\r\nX-Tidepool-Auth: basic\r\n`;

test.each([
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['an unknown method', `BREW / HTTP/1.1\r\n${head}\r\n`, 400],
  ['another version', `GET / HTTP/9.9\r\n${head}\r\n`, 400],
  ['a header without colon', `GET / HTTP/1.1\r\n${head}nonsense\r\n\r\n`, 400],
  ['two lengths', `POST /api/workspaces HTTP/1.1\r\n${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx`, 400],
  [
    'length and chunks',
    `POST / HTTP/1.1\r\n${head}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['a length below zero', `POST / HTTP/1.1\r\n${head}Content-Length: -1\r\n\r\n`, 400],
  [
    'a broken chunk',
    `POST /api/workspaces HTTP/1.1\r\n${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    400,
  ],
  ['headers without end', `GET /api/health HTTP/1.1\r\n${head}X: ${'a'.repeat(70_000)}\r\n\r\n`, 431],
  ['a URL without end', `GET /api/health?${'a'.repeat(70_000)} HTTP/1.1\r\n${head}\r\n`, 431],
  ['CONNECT', `CONNECT localhost:22 HTTP/1.1\r\n${head}\r\n`, 405],
])('%s is answered with a problem document', async (_what, bytes, status) => {
  const answer = await sendRaw(server.port, Buffer.from(bytes, 'latin1'));
  expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
  expect(answer).toContain('application/problem+json');
  const document = problem.parse(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)));
  expect(document.requestId).toMatch(/^req_/);
});

test.each([
  ['no Host', `GET /api/health HTTP/1.1\r\n${head.replace(/^Host.*\r\n/, '')}Connection: close\r\n\r\n`, 200],
  ['HTTP/1.0', `GET /api/health HTTP/1.0\r\n${head}\r\n`, 200],
  ['an expectation', `GET /api/health HTTP/1.1\r\n${head}Expect: the-unexpected\r\nConnection: close\r\n\r\n`, 200],
  ['an upgrade', `GET /api/health HTTP/1.1\r\n${head}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`, 200],
  ['an absolute URL', `GET http://localhost/api/health HTTP/1.1\r\n${head}Connection: close\r\n\r\n`, 400],
  ['an asterisk', `OPTIONS * HTTP/1.1\r\n${head}Connection: close\r\n\r\n`, 400],
])('%s is no server error', async (_what, bytes, status) => {
  const answer = await sendRaw(server.port, bytes);
  expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
});

const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
test.each([
  ['announced', 'Content-Length: 2000000', 'x'.repeat(2_000_000)],
  ['chunked', 'Transfer-Encoding: chunked', `${chunk.repeat(31)}0\r\n\r\n`],
])('a refused body, %s, can be followed by a good request on the same connection', async (_how, length, body) => {
  const big = `POST /api/workspaces HTTP/1.1\r\n${head}Content-Type: application/json\r\n${length}\r\n\r\n${body}`;
  const answer = await sendRaw(server.port, `${big}GET /api/health HTTP/1.1\r\n${head}Connection: close\r\n\r\n`);
  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
});

test('random bytes, and a good request with random damage, give no 5xx and end nothing', async () => {
  const good = Buffer.from(
    `POST /api/workspaces?limit=1 HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 18\r\n\r\n{"name":"web-fuzz"}`,
  );
  const random = pseudoRandom(20261121);
  const samples = Array.from({ length: 400 }, (_, index) => {
    if (index % 4 === 0) return Buffer.from(Array.from({ length: 1 + (random() % 300) }, () => random() % 256));
    const damaged = Buffer.from(good);
    for (let hits = 1 + (random() % 6); hits > 0; hits -= 1) damaged[random() % damaged.length] = random() % 256;
    return damaged;
  });
  for (let from = 0; from < samples.length; from += 50) {
    const batch = samples.slice(from, from + 50);
    const answers = await Promise.all(batch.map((bytes) => sendRaw(server.port, bytes, 200)));
    for (const [index, answer] of answers.entries()) {
      expect(answer, batch[index]?.toString('base64') ?? '').not.toMatch(/^HTTP\/1\.1 5/);
    }
  }
  expect((await server.ask('/api/health')).status).toBe(200);
});

/** Deterministic, so that a failure can be run again (a linear congruential generator, Numerical Recipes' constants). */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}
