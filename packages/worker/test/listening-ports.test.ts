/** On which ports something listens, asked by connections where the runtime does not tell. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { WorkspaceRoutes } from '@tidepool/caddy';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLookAtPorts } from '../src/listening-ports.ts';

const signal = AbortSignal.timeout(600_000);
const server = createServer((socket) => socket.resume());
let open: number;
let closed: number;
let routed: WorkspaceRoutes[];
let listed: number;

beforeAll(async () => {
  const other = createServer();
  await Promise.all([
    once(server.listen(0, '127.0.0.1'), 'listening'),
    once(other.listen(0, '127.0.0.1'), 'listening'),
  ]);
  open = (server.address() as AddressInfo).port;
  closed = (other.address() as AddressInfo).port;
  other.close();
  listed = 0;
});
afterAll(() => void server.close());

const route = (port: 'ide' | number, to: number) =>
  ({ port, target: { kind: 'tcp', host: '127.0.0.1', port: to }, stripPrefix: true }) as const;
const lookWith = (registered: Record<string, number[]>, list?: () => Promise<WorkspaceRoutes[]>) =>
  createLookAtPorts({
    store: {
      registeredPorts: () =>
        new Map(Object.entries(registered).map(([id, ports]) => [id, { workspaceName: `name-of-${id}`, ports }])),
    },
    routes: {
      list: async () => {
        listed += 1;
        return list ? list() : routed;
      },
    },
    log: pino({ level: 'silent' }),
  });

test('a connection that is accepted counts, one that is refused does not, and the editor is not asked', async () => {
  routed = [{ workspace: 'name-of-web', routes: [route('ide', open), route(3000, open), route(4000, closed)] }];
  const look = lookWith({ web: [3000, 4000, 5000] });
  expect(await look([{ id: 'web', listening: null }], signal)).toEqual(new Map([['web', [3000]]]));
});

test('what the runtime tells is taken, of registered ports, and no route is read', async () => {
  const before = listed;
  const look = lookWith({ web: [3000, 4000] });
  const found = await look([{ id: 'web', listening: [22, 4000] }], signal);
  expect(found).toEqual(new Map([['web', [4000]]]));
  expect(listed).toBe(before);
});

test('while no port is registered nothing is asked', async () => {
  const before = listed;
  expect(await lookWith({})([{ id: 'web', listening: null }], signal)).toEqual(new Map());
  expect(listed).toBe(before);
});

test('routes that cannot be read leave what they would tell unknown', async () => {
  const look = lookWith({ web: [3000], told: [3000] }, () => Promise.reject(new Error('Caddy is away')));
  const found = await look(
    [
      { id: 'web', listening: null },
      { id: 'told', listening: [3000] },
    ],
    signal,
  );
  expect(found).toEqual(new Map([['told', [3000]]]));
});

test('hundreds of ports are all asked, also where most are refused', async () => {
  const ids = Array.from({ length: 100 }, (_, index) => `w${index}`);
  const ports = [3000, 3001, 3002, 3003, 3004];
  routed = ids.map((id) => ({
    workspace: `name-of-${id}`,
    routes: ports.map((port) => route(port, port === 3002 ? open : closed)),
  }));
  const look = lookWith(Object.fromEntries(ids.map((id) => [id, ports])));
  const found = await look(
    ids.map((id) => ({ id, listening: null })),
    signal,
  );
  expect([...found.values()]).toEqual(ids.map(() => [3002]));
});
