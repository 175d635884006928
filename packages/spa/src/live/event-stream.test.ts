import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type EventStream, openEventStream } from './event-stream.ts';
import type { StreamMessage } from './stream-message.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
let stream: EventStream;
afterEach(() => {
  stream.close();
  vi.useRealTimers();
});

/** A server that the test writes to, hangs up, or takes away. */
function createServer() {
  const asked: (string | null)[] = [];
  let isUp = true;
  let send: (text: string) => void = () => {};
  let hangUp = () => {};
  const fetch: typeof globalThis.fetch = async (_, init) => {
    asked.push(new Headers(init?.headers).get('last-event-id'));
    if (!isUp) throw new TypeError('refused');
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        send = (text) => controller.enqueue(new TextEncoder().encode(text));
        hangUp = () => controller.close();
        init?.signal?.addEventListener('abort', () => controller.error(new DOMException('aborted', 'AbortError')));
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
  return {
    asked,
    fetch,
    send: (text: string) => send(text),
    hangUp: () => hangUp(),
    setUp: (up: boolean) => {
      isUp = up;
    },
  };
}

function open(fetch: typeof globalThis.fetch, lastEventId?: string) {
  const heard: StreamMessage[] = [];
  stream = openEventStream({ fetch, lastEventId, onMessage: (message) => heard.push(message) });
  return heard;
}

const isReset = ({ kind }: StreamMessage) => kind === 'reset';

test('a fresh connection has everything read again, a resumed one nothing', async () => {
  const server = createServer();
  const heard = open(server.fetch, 'db-3');
  await vi.advanceTimersByTimeAsync(1);
  server.send('id: db-3\nevent: hello\ndata: {"resumed":true}\n\nid: db-4\nevent: activity\ndata: {"a":1}\n\n');
  await vi.advanceTimersByTimeAsync(1);
  expect(server.asked).toEqual(['db-3']);
  expect(heard).toEqual([
    { kind: 'connection', connection: { state: 'live' } },
    { kind: 'activity', id: 'db-4', data: '{"a":1}' },
  ]);
  server.send('id: db-9\nevent: hello\ndata: {"resumed":false}\n\n');
  await vi.advanceTimersByTimeAsync(1);
  expect(heard.filter(isReset).length).toBe(1);
});

test('a cut connection is taken up at once with the last id, and nobody hears of it', async () => {
  const server = createServer();
  const heard = open(server.fetch);
  await vi.advanceTimersByTimeAsync(1);
  server.send('id: db-4\nevent: activity\ndata: {}\n\n');
  await vi.advanceTimersByTimeAsync(5_000);
  server.hangUp();
  await vi.advanceTimersByTimeAsync(1);
  expect(server.asked).toEqual([null, 'db-4']);
  expect(heard.some((message) => message.kind === 'connection' && message.connection.state === 'lost')).toBe(false);
});

test('while the server is away, tries come ever more seldom, and «since» stays', async () => {
  const server = createServer();
  const heard = open(server.fetch);
  await vi.advanceTimersByTimeAsync(5_000);
  server.setUp(false);
  server.hangUp();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(new Set(lossesOf(heard).map(({ since }) => since)).size).toBe(1);
  expect(server.asked.length).toBeGreaterThan(5);
  expect(server.asked.length).toBeLessThan(12);

  server.setUp(true);
  stream.tryNow();
  await vi.advanceTimersByTimeAsync(1);
  expect(heard.at(-1)).toEqual({ kind: 'connection', connection: { state: 'live' } });
});

test('a connection that died in silence is replaced', async () => {
  const server = createServer();
  open(server.fetch);
  await vi.advanceTimersByTimeAsync(30_000);
  server.send(': still here\n\n');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(server.asked.length).toBe(1);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(server.asked.length).toBe(2);
});

const lossesOf = (heard: readonly StreamMessage[]) =>
  heard.flatMap((message) =>
    message.kind === 'connection' && message.connection.state === 'lost' ? [message.connection] : [],
  );

test('without a network the connection is lost at once, and one that works all the same is taken up again', async () => {
  const server = createServer();
  const heard = open(server.fetch);
  await vi.advanceTimersByTimeAsync(5_000);
  stream.networkLost();
  await vi.advanceTimersByTimeAsync(1);
  expect(heard.at(-1)).toMatchObject({ connection: { state: 'lost', nextTryAt: Date.now() + 499 } });
  await vi.advanceTimersByTimeAsync(600);
  expect(heard.at(-1)).toEqual({ kind: 'connection', connection: { state: 'live' } });
});

test('with a network again it is tried at once, also where a try hangs, and delays begin anew', async () => {
  const server = createServer();
  let isHanging = false;
  const heard = open((input, init) =>
    isHanging
      ? new Promise((_, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        })
      : server.fetch(input, init),
  );
  await vi.advanceTimersByTimeAsync(5_000);
  server.setUp(false);
  stream.networkLost();
  await vi.advanceTimersByTimeAsync(60_000);
  const before = server.asked.length;
  stream.networkBack();
  await vi.advanceTimersByTimeAsync(1_100);
  // At once, after half a second, after another.
  expect(server.asked.length).toBe(before + 2);
  isHanging = true;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(heard.at(-1)).toMatchObject({ connection: { state: 'lost', nextTryAt: null } });
  isHanging = false;
  server.setUp(true);
  stream.networkBack();
  await vi.advanceTimersByTimeAsync(1);
  expect(heard.at(-1)).toEqual({ kind: 'connection', connection: { state: 'live' } });
});

test.each([
  [200, 'text/html', { status: 200, type: 'text/html' }],
  [511, 'text/html', { status: 511, type: 'text/html' }],
  [502, 'text/html', undefined],
  [503, 'application/problem+json', undefined],
])('an answer of %i as %s is no stream, and said where it is not of Tidepool’s side', async (status, type, instead) => {
  const heard = open(async () => new Response('<p>Welcome</p>', { status, headers: { 'content-type': type } }));
  await vi.advanceTimersByTimeAsync(1);
  expect(lossesOf(heard).at(-1)?.instead).toEqual(instead);
  expect(heard).not.toContainEqual({ kind: 'connection', connection: { state: 'live' } });
});

test('whoever is not signed in any more is told so', async () => {
  const heard = open(async () => new Response('', { status: 401 }));
  await vi.advanceTimersByTimeAsync(1);
  expect(heard.at(-1)).toMatchObject({ connection: { state: 'lost', isSignedOut: true } });
});
