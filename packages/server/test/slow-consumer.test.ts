/** A client that does not read its event stream costs a connection, not memory. */
import { once } from 'node:events';
import express from 'express';
import { expect, test } from 'vitest';
import { createEventStreams } from '../src/events/event-streams.ts';
import type { EventTail, TailEvent } from '../src/events/event-tail.ts';
import { openEvents } from './event-client.ts';

test('who does not read is dropped; who reads is not', async () => {
  const listeners = new Set<(event: TailEvent) => void>();
  const tail: EventTail = {
    listen: (listener) => {
      listeners.add(listener);
      return {
        bounds: { databaseId: 'a', first: 1, last: 1 },
        replay: () => [],
        end: () => listeners.delete(listener),
      };
    },
    lastEventId: () => 'a-1',
    stop: () => listeners.clear(),
  };
  const streams = createEventStreams({ tail, usage: { listen: () => () => undefined } });
  const app = express();
  app.get('/api/events', (request, response) => streams.serve(null, request, response));
  const http = app.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;

  const deaf = await openEvents(port);
  const reader = await openEvents(port);
  deaf.pause();
  await expect.poll(() => listeners.size).toBe(2);
  const event = { workspaceId: null, text: `data: ${'x'.repeat(64 * 1024)}\n\n` };
  let sent = 0;
  // As much as the kernel takes into its own buffers for an idle reader, and then one mebibyte more.
  while (listeners.size === 2 && sent < 2_000) {
    for (const listener of listeners) listener(event);
    sent += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(listeners.size).toBe(1);
  await expect.poll(() => reader.events.length, { timeout: 15_000 }).toBe(sent + 1);

  reader.close();
  deaf.close();
  streams.stop();
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
});
