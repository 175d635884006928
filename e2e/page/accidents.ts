/** What happens in the middle of a flow: to Tidepool's parts, or to the way there. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext } from 'playwright-core';
import { type Tidepool, until } from '../tidepool.ts';

export interface Scene {
  readonly tidepool: Tidepool;
  readonly context: BrowserContext;
  /** Ends the connections that the browser has. */
  readonly cut: () => void;
  /** What was asked for begins to be done: called once the accident has begun. */
  readonly goOn: () => void;
}

export interface Accident {
  readonly name: string;
  readonly happen: (scene: Scene) => Promise<void>;
}

export const accidents: readonly Accident[] = [
  { name: 'the server is killed', happen: (scene) => kill(scene, 'packages/server/src/main.ts') },
  { name: 'Caddy is killed', happen: (scene) => kill(scene, 'caddy\0run') },
  { name: 'the browser is offline for 60 s', happen: beOffline },
];

/** Its supervisor starts it anew. */
async function kill({ tidepool, goOn }: Scene, part: string): Promise<void> {
  const before = await tidepool.pids(part);
  for (const pid of before) process.kill(pid, 'SIGKILL');
  goOn();
  await until(`${part} to be started anew`, async () => {
    const now = await tidepool.pids(part);
    return now.length > 0 && !now.some((pid) => before.includes(pid));
  });
  await until('Tidepool to answer', () => tidepool.api('getHost', {}));
}

/** By the real clock: connections die, tries to connect are given up, what is shown grows old. */
async function beOffline({ context, cut, goOn }: Scene): Promise<void> {
  await context.setOffline(true);
  cut();
  const over = sleep(60_000);
  goOn();
  await Promise.all(context.pages().map((page) => page.getByText('Not connected since').first().waitFor()));
  await over;
  await context.setOffline(false);
}
