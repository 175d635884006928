/** `GET …/logs`: two files as one, their end and what comes too, in bounded memory, and never another file. */
import { appendFileSync, copyFileSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { type LogLine, logLine, proxyHeaders } from '@tidepool/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finishJob, stoppedWorkspace } from './drive.ts';
import { proxySecret, type Running, startServer } from './harness.ts';

let server: Running;
let directory: string;
let closers: (() => void)[];
beforeEach(async () => {
  server = await startServer();
  stoppedWorkspace(server.store, 'web');
  directory = `${server.config.paths.logs}/web`;
  mkdirSync(directory, { recursive: true });
  closers = [];
});
afterEach(async () => {
  for (const close of closers) close();
  const serverErrors = server.logged.filter(({ level }) => level >= 50);
  await server.stop();
  expect(serverErrors).toEqual([]);
});

const pinoLine = (time: string, msg: string) =>
  `${JSON.stringify({ level: 30, time: Date.parse(time), name: 'worker', msg })}\n`;
const parse = (text: string): LogLine[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => logLine.parse(JSON.parse(line)));

async function read(query = ''): Promise<LogLine[]> {
  const answer = await server.ask(`/api/workspaces/web/logs${query}`);
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  return parse(answer.text);
}

function follow(): Promise<{ messages: () => string[]; ended: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const request = http.get({
      host: '127.0.0.1',
      port: server.port,
      agent: false,
      path: '/api/workspaces/web/logs?follow=true&limit=2',
      headers: { [proxyHeaders.secret]: proxySecret, [proxyHeaders.listener]: 'app', [proxyHeaders.auth]: 'session' },
    });
    closers.push(() => request.destroy());
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', () => undefined);
      const ended = new Promise<void>((over) => response.on('close', () => over()));
      const whole = () => text.slice(0, text.lastIndexOf('\n') + 1);
      resolve({ messages: () => parse(whole()).map(({ message }) => message), ended });
    });
  });
}

test('a workspace that has written nothing has an empty log', async () => {
  expect(await read()).toEqual([]);
});

test('both files come as one, by time, and only the end of it', async () => {
  writeFileSync(
    `${directory}/instance.log`,
    '[2026-03-01T12:00:01.000Z] info one\nplain\n[2026-03-01T12:00:03.000Z] info three\nnot ended',
  );
  writeFileSync(
    `${directory}/tidepool.jsonl`,
    pinoLine('2026-03-01T12:00:00Z', 'zero') + pinoLine('2026-03-01T12:00:02Z', 'two'),
  );
  expect((await read()).map(({ message }) => message)).toEqual(['zero', 'one', 'plain', 'two', 'three', 'not ended']);
  expect((await read('?limit=2')).map(({ message }) => message)).toEqual(['three', 'not ended']);
  expect((await read())[0]).toEqual({
    at: '2026-03-01T12:00:00.000Z',
    level: 'info',
    source: 'worker',
    message: 'zero',
  });
});

test('empty lines are neither sent nor counted', async () => {
  writeFileSync(`${directory}/instance.log`, 'one\n\n[08:26:16] \n  \ntwo\n\n\n');
  expect((await read('?limit=2')).map(({ message }) => message)).toEqual(['one', 'two']);
});

test('of a huge file only the end is read, and a line without end is cut short', async () => {
  writeFileSync(`${directory}/instance.log`, `${'a'.repeat(3_000_000)}\n`);
  for (let index = 0; index < 5; index += 1) appendFileSync(`${directory}/instance.log`, `${'b'.repeat(300_000)}\n`);
  const lines = await read('?limit=100');
  expect(lines.length).toBeGreaterThan(0);
  for (const { message } of lines) expect(message.length).toBeLessThan(9_000);
});

test('content stays content: markup and bytes that are no text; what only a terminal obeys is left out', async () => {
  writeFileSync(
    `${directory}/instance.log`,
    Buffer.from('HTTP/1.1 200\r\nSet-Cookie: a=b\u0000\u001b[31m<script>\xff\n', 'latin1'),
  );
  const answer = await server.ask('/api/workspaces/web/logs');
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  const messages = parse(answer.text).map(({ message }) => message);
  expect(messages).toEqual(['HTTP/1.1 200', 'Set-Cookie: a=b<script>\ufffd']);
});

test('a link in the log directory leads nowhere', async () => {
  symlinkSync('/etc/passwd', `${directory}/instance.log`);
  mkdirSync(`${directory}/tidepool.jsonl`);
  expect(await read()).toEqual([]);
});

test('following sends what is written, whole lines only, from both files', async () => {
  writeFileSync(`${directory}/instance.log`, 'a\nb\nc\nd, be');
  const log = await follow();
  await expect.poll(log.messages).toEqual(['b', 'c']);
  appendFileSync(`${directory}/instance.log`, 'gun\n');
  await expect.poll(log.messages).toEqual(['b', 'c', 'd, begun']);
  appendFileSync(`${directory}/tidepool.jsonl`, pinoLine('2026-03-01T12:00:00Z', 'from the worker'));
  await expect.poll(log.messages).toContain('from the worker');
});

test('following goes on after copy and truncate', async () => {
  const file = `${directory}/instance.log`;
  writeFileSync(file, 'a long first line\nb\n');
  const log = await follow();
  await expect.poll(log.messages).toEqual(['a long first line', 'b']);
  copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
  appendFileSync(file, 'c\n');
  await expect.poll(log.messages).toEqual(['a long first line', 'b', 'c']);
});

test('following begins before there is anything to follow', async () => {
  const log = await follow();
  appendFileSync(`${directory}/instance.log`, 'first\n');
  await expect.poll(log.messages).toEqual(['first']);
});

test('a flood arrives whole and in order', async () => {
  const log = await follow();
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} ${'x'.repeat(50)}`);
  appendFileSync(`${directory}/instance.log`, `${lines.join('\n')}\n`);
  await expect.poll(() => log.messages().length, { timeout: 15_000 }).toBe(lines.length);
  expect(log.messages()).toEqual(lines);
});

test('following ends when the workspace is gone', async () => {
  const log = await follow();
  server.store.act('web', 'delete', { actor: 'user' });
  finishJob(server.store, 'web');
  await log.ended;
  expect(server.store.workspace('web')).toBeNull();
});

test('following ends when the server does', async () => {
  const log = await follow();
  const stopped = server.stop();
  await log.ended;
  await stopped;
  server = await startServer();
});
