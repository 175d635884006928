/** What listens behind Caddy in these tests: applications of workspaces, and a stand-in for Tidepool's server. */
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RouteTarget } from '@tidepool/core';
import { WebSocketServer } from 'ws';
import { z } from 'zod';

/** What an upstream saw, as it answers it. */
export const echo = z.object({
  from: z.string(),
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
});
export type Echo = z.infer<typeof echo>;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface Upstream {
  readonly target: RouteTarget;
  /** Answers what it is not asked to echo. */
  on(path: string, answer: Answer): void;
  close(): Promise<void>;
}

/** An application that echoes, and echoes WebSocket messages too; `?set=NAME` makes it set a cookie with the upgrade. @param place `null`: a free TCP port of the loopback */
export async function startUpstream(
  place: { relay: string; instance: string; port: number } | null,
): Promise<Upstream> {
  const answers = new Map<string, Answer>();
  let from = '';
  const server = createServer((request, response) => {
    const special = answers.get(request.url?.split('?')[0] ?? '');
    if (special) special(request, response);
    else answerEcho(from, request, response);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('headers', (headers, { url }) => {
    const [, name] = /\?set=(\w+)/.exec(url ?? '') ?? [];
    if (name !== undefined) headers.push(`Set-Cookie: ${name}=x; Path=/`);
  });
  sockets.on('connection', (socket) => socket.on('message', (message) => socket.send(message)));
  if (place) {
    const { relay, instance, port } = place;
    mkdirSync(`${relay}/${instance}`, { recursive: true, mode: 0o700 });
    await listen(server, { path: `${relay}/${instance}/${port}.sock` });
  } else {
    await listen(server, { host: '127.0.0.1', port: 0 });
  }
  const target: RouteTarget = place
    ? { kind: 'unix', instance: place.instance, port: place.port }
    : { kind: 'tcp', host: '127.0.0.1', port: portOf(server) };
  from = JSON.stringify(target);
  return {
    target,
    on: (path, answer) => void answers.set(path, answer),
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await closeServer(server);
    },
  };
}

export interface ServerStub {
  readonly port: number;
  /** WebSocket requests that arrived as such: there must be none. */
  readonly upgrades: string[];
  /** Answers what it is not asked to echo. */
  on(path: string, answer: Answer): void;
  close(): Promise<void>;
}

/** Echoes, with 404 for `/-/no-route` and the status it is told for `/-/unreachable`. */
export async function startServerStub(port = 0): Promise<ServerStub> {
  const upgrades: string[] = [];
  const answers = new Map<string, Answer>();
  const server = createServer((request, response) => {
    const special = answers.get(request.url ?? '');
    if (special) return special(request, response);
    if (request.url === '/-/no-route') response.statusCode = 404;
    if (request.url === '/-/unreachable') response.statusCode = Number(request.headers['x-tidepool-status']);
    answerEcho('server', request, response);
  });
  server.on('upgrade', (request, socket) => {
    upgrades.push(request.url ?? '');
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  });
  await listen(server, { host: '127.0.0.1', port });
  return {
    port: portOf(server),
    upgrades,
    on: (path, answer) => void answers.set(path, answer),
    close: () => closeServer(server),
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await listen(server, { host: '127.0.0.1', port: 0 });
  const port = portOf(server);
  await closeServer(server);
  return port;
}

function answerEcho(from: string, { method, url, headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ from, method, url, headers }));
}

function listen(server: Server, place: { host: string; port: number } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(place, resolve);
  });
}

function portOf(server: Server): number {
  const address: string | AddressInfo | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('listens on no port');
  return address.port;
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
