/** What stays open, flows and is large: WebSockets, event streams, downloads. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { get as httpGet, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type WebSocket from 'ws';
import { unguarded } from '../src/unguarded.ts';
import { ask, openWebSocket, upgrade } from './ask.ts';
import { setups } from './caddy-versions.ts';
import { startTestbed, type Testbed } from './testbed.ts';
import type { Upstream } from './upstreams.ts';

describe.each(setups)('streams, Caddy $version, routes: $routes', (caddy) => {
  let bed: Testbed;
  let application: Upstream;
  beforeEach(async () => {
    bed = await startTestbed(caddy);
    application = await bed.upstream('first');
    await bed.routes.replace('web', routesOf(application), unguarded);
  });
  afterEach(() => bed?.end());

  const url = (path: string, scheme = 'http') => `${scheme}://127.0.0.1:${bed.input.ports.workspace}${path}`;

  test('20 WebSockets stay open while 200 routes of others come and go', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 20 }, () => openWebSocket(url('/workspace/web/x', 'ws'), { Cookie: bed.cookie })),
    );
    const closed: number[] = [];
    for (const [index, socket] of sockets.entries()) socket.on('close', () => closed.push(index));
    const other = await bed.upstream('second');
    for (let index = 0; index < 200; index += 1) {
      await bed.routes.replace(`other-${index}`, routesOf(other), unguarded);
      if (index % 20 === 0) expect((await asked(`/workspace/other-${index}/`)).status).toBe(200);
      await bed.routes.replace(`other-${index}`, [], unguarded);
    }
    await bed.routes.replace(
      'web',
      [...routesOf(application), { port: 5000, target: other.target, stripPrefix: true }],
      unguarded,
    );
    await bed.proxy.ensureConfig();
    for (const socket of sockets) expect(await answered(socket, 'still here')).toBe('still here');
    expect(closed).toEqual([]);
    for (const socket of sockets) socket.terminate();
  });

  test('a WebSocket passes to a cut and to a kept prefix', async () => {
    for (const path of ['/workspace/web/port/3000/x', '/workspace/web/port/3001/x']) {
      const socket = await openWebSocket(url(path, 'ws'), { Cookie: bed.cookie });
      expect(await answered(socket, path)).toBe(path);
      socket.terminate();
    }
  });

  test('an answer to a WebSocket that would set the session is refused, any other cookie passes', async () => {
    for (const [path, status] of [
      ['/workspace/web/?set=tidepool_8080', 502],
      ['/workspace/web/?set=mine', 101],
    ] as const) {
      const headers = { ...upgrade, Cookie: bed.cookie };
      const answer = await ask({ port: bed.input.ports.workspace, path, headers });
      expect(answer.status).toBe(status);
      expect(answer.headers['set-cookie']).toEqual(status === 101 ? ['mine=x; Path=/'] : undefined);
    }
  });

  test('an event arrives when it is sent, not when the stream ends', async () => {
    application.on('/events', (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: first\n\n');
    });
    const request = httpGet(url('/workspace/web/events'), { headers: { Cookie: bed.cookie } });
    const [response] = await once(request, 'response');
    const [chunk] = await once(response, 'data');
    expect(String(chunk)).toBe('data: first\n\n');
    request.destroy();
  });

  test('an event stream and an answer under way go on while routes of others come and go', async () => {
    const held = new Map<string, ServerResponse>();
    application.on('/events', (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: 0\n\n');
      held.set('events', response);
    });
    application.on('/slow', (_, response) => {
      held.set('slow', response);
    });
    const request = httpGet(url('/workspace/web/events'), { headers: { Cookie: bed.cookie } });
    const [stream] = await once(request, 'response');
    const answer = asked('/workspace/web/slow');
    await expect.poll(() => held.has('slow'), { timeout: 30_000 }).toBe(true);
    let received = '';
    stream.on('data', (chunk: Buffer) => {
      received += String(chunk);
    });
    for (let index = 1; index <= 20; index += 1) {
      await bed.routes.replace(`other-${index}`, routesOf(application), unguarded);
      held.get('events')?.write(`data: ${index}\n\n`);
      await expect.poll(() => received, { timeout: 30_000 }).toContain(`data: ${index}\n`);
      await bed.routes.replace(`other-${index}`, [], unguarded);
    }
    held.get('slow')?.end('at last');
    expect((await answer).body).toBe('at last');
    request.destroy();
  });

  test('100 MB come down unchanged', async () => {
    const block = Buffer.alloc(1024 * 1024, 'tidepool');
    const expected = createHash('sha256');
    application.on('/big', async (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
      for (let sent = 0; sent < 100; sent += 1) if (!response.write(block)) await once(response, 'drain');
      response.end();
    });
    for (let sent = 0; sent < 100; sent += 1) expected.update(block);
    const request = httpGet(url('/workspace/web/big'), { headers: { Cookie: bed.cookie } });
    const [response] = await once(request, 'response');
    const received = createHash('sha256');
    for await (const chunk of response) received.update(chunk);
    expect(received.digest('hex')).toBe(expected.digest('hex'));
  });

  test('50 MB go up', async () => {
    let received = 0;
    application.on('/upload', async (request, response) => {
      for await (const chunk of request) received += chunk.length;
      response.end(String(received));
    });
    const body = 'x'.repeat(50 * 1024 * 1024);
    const port = bed.input.ports.workspace;
    const path = '/workspace/web/upload';
    const answer = await ask({ port, path, method: 'POST', headers: { Cookie: bed.cookie }, body });
    expect(answer.body).toBe(String(body.length));
  });

  test('an application on 127.0.0.1 of its machine is reached through a relay on a socket', async () => {
    const inside = await bed.upstream();
    if (inside.target.kind !== 'tcp') throw new Error('expected a port');
    const directory = `${bed.input.directories.relay}/relayed`;
    mkdirSync(directory, { recursive: true });
    const socket = `${directory}/3000.sock`;
    const relay = spawn('socat', [`UNIX-LISTEN:${socket},fork`, `TCP:127.0.0.1:${inside.target.port}`], {
      stdio: 'ignore',
    });
    try {
      const target = { kind: 'unix', instance: 'relayed', port: 3000 } as const;
      await bed.routes.replace('relayed', [{ port: 3000, target, stripPrefix: true }], unguarded);
      await expect
        .poll(async () => (await asked('/workspace/relayed/port/3000/')).status, { timeout: 30_000 })
        .toBe(200);
      const terminal = await openWebSocket(url('/workspace/relayed/port/3000/x', 'ws'), { Cookie: bed.cookie });
      expect(await answered(terminal, 'through')).toBe('through');
      terminal.terminate();
    } finally {
      const ended = once(relay, 'exit');
      relay.kill('SIGKILL');
      await ended;
    }
  });

  test('an instance that moves takes its path along; connections are not mixed up between sockets', async () => {
    const other = await bed.upstream('second');
    const seen = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      const upstream = round % 2 === 0 ? other : application;
      await bed.routes.replace('web', routesOf(upstream), unguarded);
      const { body } = await asked('/workspace/web/');
      expect(JSON.parse(body).from).toBe(JSON.stringify(upstream.target));
      seen.add(JSON.parse(body).from);
    }
    expect(seen.size).toBe(2);
  });

  async function asked(path: string) {
    return ask({ port: bed.input.ports.workspace, path, headers: { Cookie: bed.cookie } });
  }
});

function routesOf({ target }: Upstream) {
  return [
    { port: 'ide', target, stripPrefix: true },
    { port: 3000, target, stripPrefix: true },
    { port: 3001, target, stripPrefix: false },
  ] as const;
}

async function answered(socket: WebSocket, message: string): Promise<string> {
  const answer = once(socket, 'message');
  socket.send(message);
  const [data] = await answer;
  return String(data);
}
