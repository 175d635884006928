/** The page: how soon it shows what happened, and what a long list costs it. In Chromium, through Caddy. */
import { launchBrowser } from '../e2e/browser.ts';
import { benchPageEvents } from './page-events.ts';
import { benchPageList } from './page-list.ts';
import { type PageWorld, startPageWorld } from './page-world.ts';
import type { BenchTable } from './table.ts';

export async function benchPage(): Promise<BenchTable[]> {
  const browser = await launchBrowser();
  const worlds: PageWorld[] = [];
  const start = async (count: number) => {
    const world = await startPageWorld(count);
    worlds.push(world);
    return world;
  };
  try {
    const events = await benchPageEvents(await start(100), browser);
    return [events, await benchPageList([await start(10), await start(1000)], browser)];
  } finally {
    await browser.close();
    for (const world of worlds) await world.end();
  }
}
