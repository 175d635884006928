/** A worker that is suspended when all that is left to do is to be heard by Caddy: its request is held back on the way. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createAdminRoutes } from '../src/admin-routes.ts';
import type { Suspended } from '../src/contract.ts';
import type { Testbed } from './testbed.ts';

/** Ends with the process: a relay of its own beside Caddy's socket. */
export async function suspendedAtAdmin({ home, input }: Testbed): Promise<Suspended> {
  const reached = Promise.withResolvers<void>();
  const woken = Promise.withResolvers<void>();
  const path = `${home}/caddy/held-${crypto.randomUUID().slice(0, 8)}.sock`;
  const relay = createServer(async (socket) => {
    socket.on('error', () => socket.destroy());
    const [first] = await once(socket, 'data');
    socket.pause();
    if (String(first).startsWith('PATCH ')) {
      reached.resolve();
      await woken.promise;
    }
    pass(socket, input.admin.slice('unix/'.length), first);
  });
  relay.unref();
  await once(relay.listen(path), 'listening');
  const routes = createAdminRoutes({ admin: `unix/${path}`, onStray: () => undefined });
  return { routes, reached: reached.promise, wake: woken.resolve };
}

function pass(socket: Socket, to: string, first: Buffer): void {
  const upstream = connect(to);
  upstream.on('error', () => socket.destroy());
  upstream.write(first);
  socket.pipe(upstream).pipe(socket);
}
