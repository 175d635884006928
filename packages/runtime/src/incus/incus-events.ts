/** Incus's own news over a WebSocket, from connection to connection. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { lifecycleEvent } from './client/replies.ts';
import type { IncusHome } from './incus-home.ts';

export type IncusEvent = z.infer<typeof lifecycleEvent>;

export interface EventListener {
  /** Each time the connection stands: what happened before it was heard by nobody. */
  connected(): void;
  /** What happens from here on is heard by nobody, until it stands again. */
  cut(): void;
  event(event: IncusEvent): void;
}

/** Milliseconds before a connection that ended is made again. */
const firstPause = 100;
const mostPause = 5_000;
/** Milliseconds between two signs of life that are asked for: a daemon that hangs, or a host that slept, says nothing. */
const heartbeat = 30_000;

/** Until aborted. */
export async function followEvents(home: IncusHome, listener: EventListener, signal: AbortSignal): Promise<void> {
  let pause = firstPause;
  while (!signal.aborted) {
    const stood = await hear(home, listener, signal);
    pause = stood ? firstPause : Math.min(pause * 2, mostPause);
    await sleep(pause, undefined, { signal }).catch(() => {});
  }
}

/** One connection, to its end; whether it stood. */
async function hear(home: IncusHome, listener: EventListener, signal: AbortSignal): Promise<boolean> {
  const socket = home.client.socket('/1.0/events?type=lifecycle&all-projects=true');
  const end = () => socket.terminate();
  let [stood, alive] = [false, true];
  const pulse = setInterval(() => {
    if (!alive) end();
    alive = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, heartbeat);
  socket.on('open', () => {
    stood = true;
    listener.connected();
  });
  socket.on('pong', () => {
    alive = true;
  });
  socket.on('message', (data) => {
    alive = true;
    const parsed = lifecycleEvent.safeParse(JSON.parse(String(data)));
    if (parsed.success) listener.event(parsed.data);
  });
  // Why is of no use here: whoever asks Incus something meets it too, and says so.
  socket.on('error', () => {});
  signal.addEventListener('abort', end, { once: true });
  // Not `once`, which rejects where an error comes first.
  await new Promise((resolve) => socket.once('close', resolve));
  listener.cut();
  signal.removeEventListener('abort', end);
  clearInterval(pulse);
  return stood;
}
