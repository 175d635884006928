/** Sessions and the hand-over between the origins: for page loads only, back to workspaces only, never in a loop. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { sessionToken } from '@tidepool/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Question } from './ask.ts';
import { type Running, startServer } from './harness.ts';

let server: Running;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.stop());

const navigate = { 'sec-fetch-mode': 'navigate' };
const sessionFiles = () => readdirSync(server.config.paths.sessions);
const signIn = (to: string, question: Question = {}) =>
  server.ask(`/app/sign-in?return=${to}`, { headers: navigate, ...question });

test('a page load by basic auth gets a session, which is an empty file only we can read', async () => {
  const answer = await signIn('/workspace/web/?folder=/home/dev&x=1');
  expect(answer.status).toBe(302);
  expect(answer.headers.location).toBe('http://localhost:8081/-/signed-in?return=/workspace/web/?folder=/home/dev&x=1');
  const [cookie = ''] = answer.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/^tidepool_8080=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  const [token = '', ...others] = sessionFiles();
  expect(others).toEqual([]);
  expect(cookie).toContain(token);
  const file = statSync(`${server.config.paths.sessions}/${token}`);
  expect([file.size, file.mode & 0o777]).toEqual([0, 0o600]);
});

test('any page of the app makes the session; a second one with its cookie makes none', async () => {
  const first = await server.ask('/app/', { headers: navigate });
  const [cookie = ''] = first.headers['set-cookie'] ?? [];
  const value = cookie.split(';', 1)[0] ?? '';
  const second = await server.ask('/app/', { headers: { ...navigate, cookie: `a=b; ${value}; c=d` } });
  expect(second.headers['set-cookie']).toBeUndefined();
  expect(sessionFiles()).toHaveLength(1);
});

test('a cookie whose session is gone is replaced', async () => {
  const answer = await server.ask('/app/', { headers: { ...navigate, cookie: `tidepool_8080=${'A'.repeat(43)}` } });
  expect(answer.headers['set-cookie']?.[0]).toMatch(/^tidepool_8080=/);
});

test('the cookie of another Tidepool on this host is left alone', async () => {
  const answer = await server.ask('/app/', { headers: { ...navigate, cookie: `tidepool_9090=${'A'.repeat(43)}` } });
  expect(answer.headers['set-cookie']).toHaveLength(1);
});

test.each<[string, Question]>([
  ['a script', { headers: { accept: '*/*' } }],
  ['a fetch', { headers: { 'sec-fetch-mode': 'cors', accept: 'text/html' } }],
  ['a HEAD', { method: 'HEAD', headers: navigate }],
  ['who has a session', { auth: 'session', headers: navigate }],
])('%s gets no session', async (_who, question) => {
  const answers = [await server.ask('/app/', question), await signIn('/workspace/web/', question)];
  for (const answer of answers) expect(answer.headers['set-cookie']).toBeUndefined();
  expect(sessionFiles()).toEqual([]);
});

test('requests to the API make no session', async () => {
  await server.ask('/api/workspaces', { headers: { accept: 'text/html' } });
  expect(sessionFiles()).toEqual([]);
});

test('a browser without Sec-Fetch-Mode (plain http on a LAN) is known by its Accept', async () => {
  await server.ask('/app/', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
  expect(sessionFiles()).toHaveLength(1);
});

test('under TLS the cookie is Secure, and the scheme is kept', async () => {
  const answer = await signIn('/workspace/web/', {
    headers: { ...navigate, host: 'ide.example.org:8080', 'x-forwarded-proto': 'https' },
  });
  expect(answer.headers['set-cookie']?.[0]).toMatch(/; Secure$/);
  expect(answer.headers.location).toBe('https://ide.example.org:8081/-/signed-in?return=/workspace/web/');
});

test('configured origins are used as they are', async () => {
  await server.stop();
  server = await startServer({
    env: { TIDEPOOL_APP_ORIGIN: 'https://ide.example.org', TIDEPOOL_WORKSPACE_ORIGIN: 'https://ws.example.org' },
  });
  const answer = await signIn('/workspace/web/');
  expect(answer.headers.location).toBe('https://ws.example.org/-/signed-in?return=/workspace/web/');
  expect(answer.headers['set-cookie']?.[0]).toMatch(/; Secure$/);
});

const hostile = [
  '',
  '/',
  '/app/',
  '//evil.example',
  '//evil.example/workspace/web/',
  'https://evil.example/workspace/',
  '/%5Cevil.example',
  '/workspace/%5Cevil.example/\\',
  '/workspace/../../app/',
  '/workspace/%2e%2e/app/',
  '/workspace/./web/',
  '/workspace//evil.example',
  '%2Fworkspace%2Fweb%2F',
  '%68ttps://evil.example',
  'javascript:alert(1)',
  '/workspace',
  '/workspaceevil/',
];

test.each(hostile)('a return to %j is refused on both sides, with a page and no redirect', async (to) => {
  const answers = [
    await signIn(to),
    await server.ask(`/-/signed-in?return=${to}`, { listener: 'workspace', auth: 'session', headers: navigate }),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(400);
    expect(answer.headers.location).toBeUndefined();
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  }
});

test('a return with encoded line ends stays one header', async () => {
  const answer = await signIn('/workspace/x%0d%0aSet-Cookie:a=b');
  expect(answer.headers['set-cookie']).toHaveLength(1);
  expect(answer.headers.location).toBe('http://localhost:8081/-/signed-in?return=/workspace/x%0d%0aSet-Cookie:a=b');
});

test('a return that is very long is refused', async () => {
  expect((await signIn(`/workspace/${'a'.repeat(9000)}`)).status).toBe(414);
});

test('a Host that is none leads to localhost, never elsewhere', async () => {
  for (const host of ['evil.example/', 'a b', '"><script>', 'user@evil.example']) {
    const { headers } = await signIn('/workspace/web/', { headers: { ...navigate, host } });
    expect(headers.location).toBe('http://localhost:8081/-/signed-in?return=/workspace/web/');
  }
});

test('back on the workspace origin with a session, the browser goes where it wanted to', async () => {
  for (const auth of ['session', 'basic'] as const) {
    const answer = await server.ask('/-/signed-in?return=/workspace/web/?a=1&b=%2F', {
      listener: 'workspace',
      auth,
      headers: navigate,
    });
    expect([answer.status, answer.headers.location]).toEqual([302, '/workspace/web/?a=1&b=%2F']);
  }
});

test('back without a session there is a page that says why, never a second redirect', async () => {
  const answer = await server.ask('/-/signed-in?return=/workspace/web/', {
    listener: 'workspace',
    auth: 'none',
    headers: { ...navigate, host: 'localhost:8081' },
  });
  expect(answer.status).toBe(403);
  expect(answer.headers.location).toBeUndefined();
  expect(answer.text).toContain('Your sign-in did not reach the workspaces');
  expect(answer.text).toContain('http://localhost:8080');
});

test('signing out removes the session and its cookie', async () => {
  const token = await server.sessions.create();
  const kept = await server.sessions.create();
  const answer = await server.ask('/app/sign-out', {
    method: 'POST',
    auth: 'session',
    headers: { origin: 'http://localhost:8080', cookie: `tidepool_8080=${token}` },
  });
  expect(answer.status).toBe(204);
  expect(answer.headers['set-cookie']).toEqual(['tidepool_8080=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0']);
  expect(sessionFiles()).toEqual([kept]);
});

test('signing out with a hostile cookie removes nothing else', async () => {
  const answer = await server.ask('/app/sign-out', {
    method: 'POST',
    headers: { cookie: 'tidepool_8080=../tidepool.db' },
  });
  expect(answer.status).toBe(204);
  expect(existsSync(server.config.paths.database)).toBe(true);
});

test('signing out is a POST', async () => {
  const answer = await server.ask('/app/sign-out', { method: 'DELETE' });
  expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
});

test('a token is 256 random bits', async () => {
  const tokens = await Promise.all(Array.from({ length: 20 }, () => server.sessions.create()));
  expect(new Set(tokens).size).toBe(20);
  for (const token of tokens) expect(token).toMatch(sessionToken);
});
