/** A stand-in for Caddy and the server: the built page under `/app/` with the strict CSP, the API and its events. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join } from 'node:path';
import {
  type ErrorCode,
  imageReference,
  type LogLine,
  occupying,
  problemContentType,
  type Status,
  statuses,
  TidepoolError,
  toProblem,
  type Workspace,
} from '@tidepool/core';
import { z } from 'zod';
import { aPort, type World } from './stub-world.ts';

export interface StubServer {
  readonly origin: string;
  /** How many event streams are open now, and how many ever were. */
  readonly streams: { open: number; total: number };
  readonly asked: string[];
  /** Ends all connections and takes none until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

const contentTypes: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const csp = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'";

const sizeBody = z.object({
  cpus: z.number().optional(),
  memoryMiB: z.number().optional(),
  diskGiB: z.number().optional(),
});
const createBody = sizeBody.extend({
  name: z.string(),
  image: z.string().default('workspace'),
  source: z.object({ git: z.string(), ref: z.string().optional() }).optional(),
});
const portBody = z.object({ port: z.number(), label: z.string().optional(), stripPrefix: z.boolean() });

/** @param dist the built page */
export async function startStubServer(world: World, dist: string): Promise<StubServer> {
  const streams = { open: 0, total: 0 };
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  /** By idempotency key. A refusal is not among them. */
  const answered = new Map<string, [number, unknown]>();
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      const problem = toProblem(error, 'req_01k3v9c2');
      response.writeHead(problem.status, { 'content-type': problemContentType });
      response.end(JSON.stringify(problem));
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://stub');
    asked.push(`${request.method} ${url.pathname}`);
    if (url.pathname.startsWith('/app/')) return sendPage(dist, url.pathname.slice('/app/'.length), response);
    if (url.pathname.startsWith('/workspace/')) {
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<title>Editor</title>Editor at ${url.pathname}`);
      return;
    }
    if (url.pathname === '/api/events') return stream(request, response);
    const log = /^\/api\/workspaces\/([^/]+)\/logs$/.exec(url.pathname);
    if (log) return sendLog(world, log[1] ?? '', url.searchParams, response);
    const body = await readBody(request);
    const route = `${request.method} ${url.pathname.replace(/^\/api/, '')}`;
    const key = String(request.headers['idempotency-key'] ?? '');
    const [status, value] = answered.get(key) ?? api(world, route, url.searchParams, body);
    if (key !== '') answered.set(key, [status, value]);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };

  const stream = (request: IncomingMessage, response: ServerResponse): void => {
    streams.open += 1;
    streams.total += 1;
    const last = request.headers['last-event-id'];
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const isUnknown = Number(String(last ?? 'db-0').slice(3)) > world.events.length;
    const begin = isUnknown ? 'event: reset\ndata: {}' : `event: hello\ndata: {"resumed":${last !== undefined}}`;
    response.write(`id: db-${world.events.length}\n${begin}\n\n`);
    const send = (id: number, data: unknown) =>
      response.write(`id: db-${id}\nevent: activity\ndata: ${JSON.stringify(data)}\n\n`);
    const after = Number(String(last ?? `db-${world.events.length}`).slice(3));
    for (const { id, data } of world.events.filter((event) => event.id > after)) send(id, data);
    const ends = [
      world.onEvent(send),
      world.onUsage((measured) => response.write(`event: usage\ndata: ${JSON.stringify(measured)}\n\n`)),
    ];
    response.on('close', () => {
      streams.open -= 1;
      for (const end of ends) end();
    });
  };

  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  world.host = { ...world.host, origins: { app: null, workspace: null, workspacePort: port } };
  return { origin: `http://127.0.0.1:${port}`, streams, asked, down: cut, up: () => listen(port), close: cut };
}

async function sendPage(dist: string, path: string, response: ServerResponse): Promise<void> {
  const file = extname(path) === '' ? 'index.html' : path;
  response.writeHead(200, {
    'content-type': contentTypes[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': csp,
  });
  response.end(await readFile(join(dist, file)));
}

/** The end of a log, and with `follow` what is printed after. */
function sendLog(world: World, ref: string, query: URLSearchParams, response: ServerResponse): void {
  const { id } = find(world, ref);
  const send = (lines: readonly LogLine[]) => response.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  send(world.logOf(id).slice(-Number(query.get('limit') ?? 25)));
  if (query.get('follow') !== 'true') response.end();
  else response.on('close', world.onLog(id, send));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  return text === '' ? null : JSON.parse(text);
}

/** @returns status and body */
function api(world: World, route: string, query: URLSearchParams, body: unknown): [number, unknown] {
  const [method, path = ''] = route.split(' ');
  const [, collection, ref = '', action = '', detail = ''] = path.split('/');
  if (collection === 'host') return [200, ref === 'history' ? { items: world.samples } : hostNow(world)];
  if (collection === 'jobs' && ref === '') return [200, listJobs(world, query)];
  if (collection === 'jobs') return [200, world.jobs.get(ref)];
  if (collection === 'images') return [200, { items: imagesOf(world) }];
  if (collection !== 'workspaces') return fail('unknown_route');
  if (ref === '' && method === 'GET') return [200, list(world, query)];
  if (ref === '') return create(world, createBody.parse(body));

  const workspace = find(world, ref);
  const { id } = workspace;
  if (action === 'ports' && method === 'POST') {
    const { port, label } = portBody.parse(body);
    if (port === 5432) {
      return fail('port_taken', { fields: [{ field: 'body.port', message: 'Not this one, says the server.' }] });
    }
    const ports = [...workspace.ports, aPort(workspace.name, port, label ?? null)];
    return [202, { workspace: world.change(id, { ports }, 'port.added', `Port ${port} added`), job: null }];
  }
  if (action === 'ports') {
    const ports = workspace.ports.filter(({ port }) => port !== Number(detail));
    return [202, { workspace: world.change(id, { ports }, 'port.removed', `Port ${detail} removed`), job: null }];
  }
  if (action === 'activity') {
    const rows = world.events.filter(({ data }) => data.activity.workspaceId === id).map(({ data }) => data.activity);
    return [200, pageOf(rows.reverse(), query)];
  }
  if (action === 'clone-source') return [202, world.accept(workspace, 'source', workspace.status)];
  if (action === 'start' || action === 'retry' || action === 'restart') return start(world, workspace, action);
  if (action === 'clone-source') {
    const source = workspace.source && { ...workspace.source, status: 'waiting' as const, error: null };
    return [202, world.accept({ ...workspace, source }, 'source', workspace.status)];
  }
  if (action === 'stop') return [202, world.accept(workspace, 'stop', 'stopping')];
  if (method === 'DELETE') return [202, world.accept(workspace, 'delete', 'deleting')];
  if (method === 'PATCH') {
    const size = sizeBody.parse(body);
    return [
      200,
      world.change(id, {
        cpus: size.cpus ?? workspace.cpus,
        memoryMiB: size.memoryMiB ?? workspace.memoryMiB,
        diskGiB: size.diskGiB ?? workspace.diskGiB,
      }),
    ];
  }
  return [200, workspace];
}

function find(world: World, ref: string): Workspace {
  return (
    [...world.workspaces.values()].find(({ id, name }) => id === ref || name === ref) ?? fail('workspace_not_found')
  );
}

function imagesOf({ host, workspaces }: World) {
  return (host.observed?.images ?? []).map((image) => {
    const reference = imageReference(image);
    return {
      ...image,
      reference,
      workspaces: [...workspaces.values()].filter((each) => each.image === reference).length,
    };
  });
}

function pageOf<Item>(items: readonly Item[], query: URLSearchParams) {
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Number(query.get('limit') ?? 25);
  return { items: items.slice(from, to), nextCursor: to < items.length ? String(to) : null };
}

function list(world: World, query: URLSearchParams) {
  const search = (query.get('search') ?? '').toLowerCase();
  const wanted = query.get('status')?.split(',');
  const reasons = query.get('stopReason')?.split(',');
  const sort = query.get('sort') ?? 'name';
  const found = [...world.workspaces.values()].filter(
    ({ name, image, ports }) =>
      name.includes(search) ||
      image.includes(search) ||
      ports.some(({ port, label }) => String(port) === search || label?.toLowerCase().includes(search)),
  );
  const all = found
    .filter(({ status }) => wanted?.includes(status) ?? true)
    .filter(({ stopReason }) => reasons?.includes(stopReason ?? '') ?? true)
    .sort(orders[sort] ?? byName);
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Number(query.get('limit') ?? 25);
  return {
    items: all.slice(from, to),
    nextCursor: to < all.length ? String(to) : null,
    total: all.length,
    counts: Object.fromEntries(
      statuses.map((status) => [status, found.filter((each) => each.status === status).length]),
    ),
  };
}

const byName = (one: Workspace, other: Workspace): number => (one.name < other.name ? -1 : 1);
const byUse = (one: Workspace, other: Workspace) =>
  (one.lastAccessedAt ?? '').localeCompare(other.lastAccessedAt ?? '') || byName(one, other);
const orders: Record<string, typeof byName> = {
  lastUsed: byUse,
  '-lastUsed': (one, other) => byUse(other, one),
};

function listJobs(world: World, query: URLSearchParams) {
  const wanted = query.get('status')?.split(',');
  const items = [...world.jobs.values()].filter(({ status }) => wanted?.includes(status) ?? true).reverse();
  return pageOf(items, query);
}

function create(world: World, body: z.infer<typeof createBody>): [number, unknown] {
  const { name, image, source, cpus = 2, memoryMiB = 4096, diskGiB = 20 } = body;
  if ([...world.workspaces.values()].some((each) => each.name === name)) {
    fail('name_taken', { fields: [{ field: 'body.name', message: 'This name is in use. Choose another.' }] });
  }
  ensureFits(world, memoryMiB);
  const size = { cpus, memoryMiB, diskGiB };
  const made = world.add(name, {
    ...size,
    status: 'creating',
    image: `${image}@3f9c2a`,
    stopReason: null,
    source: source ? { git: source.git, ref: source.ref ?? null, status: 'waiting', error: null } : null,
  });
  return [202, world.accept(made, 'create', 'creating')];
}

function start(world: World, workspace: Workspace, verb: 'start' | 'retry' | 'restart'): [number, unknown] {
  if (verb !== 'restart') ensureFits(world, workspace.memoryMiB);
  const kind = verb === 'retry' ? (workspace.error?.action ?? 'start') : verb;
  const via: Status = kind === 'create' ? 'creating' : 'starting';
  return [202, world.accept(workspace, kind, via)];
}

function ensureFits(world: World, memoryMiB: number): void {
  const { freeMiB } = hostNow(world).capacity;
  if (memoryMiB <= freeMiB) return;
  const stop = [...world.workspaces.values()].find(({ status }) => status === 'running');
  fail('capacity_exhausted', {
    detail: `It needs ${memoryMiB} MiB; ${freeMiB} MiB are free.`,
    extra: { stop: stop ? { id: stop.id, name: stop.name, lastAccessedAt: stop.lastAccessedAt } : null },
  });
}

function hostNow(world: World) {
  const all = [...world.workspaces.values()];
  const usedMiB = all.filter(({ status }) => occupying.includes(status)).reduce((sum, each) => sum + each.memoryMiB, 0);
  const { budgetMiB } = world.host.capacity;
  return { ...world.host, capacity: { budgetMiB, usedMiB, freeMiB: budgetMiB - usedMiB } };
}

function fail(code: ErrorCode, options?: ConstructorParameters<typeof TidepoolError>[1]): never {
  throw new TidepoolError(code, options);
}
