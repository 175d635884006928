import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchEndpoint } from '../src/supervisor/watch-endpoint.ts';

let directory: string;
let path: string;
let watching: AbortController;
const servers: Server[] = [];
beforeEach(() => {
  directory = mkdtempSync('/tmp/tp-');
  path = `${directory}/admin.sock`;
  watching = new AbortController();
});
afterEach(() => {
  watching.abort();
  for (const server of servers.splice(0)) server.close();
  rmSync(directory, { recursive: true });
});

function listen(at: string | number): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => socket.destroy()));
  servers.push(server);
  return new Promise((resolve) =>
    server.listen(typeof at === 'number' ? { port: at, host: '127.0.0.1' } : { path: at }, () => resolve(server)),
  );
}

function goneAt(address: string): { count: number } {
  const gone = { count: 0 };
  void watchEndpoint(address, () => (gone.count += 1), watching.signal, { everyMs: 20, looks: 3 });
  return gone;
}

test.each(['a socket that was removed', 'a port that nobody has any more'])(
  '%s is noticed, again and again',
  async (what) => {
    const isSocket = what.startsWith('a socket');
    const server = await listen(isSocket ? path : 0);
    const bound = server.address();
    const gone = goneAt(typeof bound === 'object' && bound !== null ? `127.0.0.1:${bound.port}` : `unix/${path}`);
    await sleep(300);
    expect(gone.count).toBe(0);
    if (isSocket) rmSync(path);
    else server.close();
    await expect.poll(() => gone.count, { timeout: 20_000 }).toBeGreaterThan(1);
  },
);

test('one that takes connections and says nothing is there', async () => {
  await listen(path);
  const gone = goneAt(`unix/${path}`);
  await sleep(500);
  expect(gone.count).toBe(0);
});
