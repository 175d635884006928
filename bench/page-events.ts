/** From an event's commit in the database to its paint: by the page's own stream, and by a page that asks every 3 s. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { openTab } from '../e2e/browser.ts';
import type { PageWorld } from './page-world.ts';
import { clockOffset, paintedRows, watchRows } from './row-watch.ts';
import { type BenchTable, median, percentile, ratio } from './table.ts';

const eventsPerSecond = 20;
const pollMs = 3_000;
const goalMs = 150;

interface Committed {
  readonly name: string;
  readonly gib: number;
  /** Milliseconds since 1970, by our clock: when the transaction was begun, and when it had been committed. */
  readonly begunAt: number;
  readonly at: number;
}

interface Measured {
  readonly times: number[];
  missing: number;
  clockMs: number;
}

/** @param options `rounds` of `seconds` each, one of either kind in turn */
export async function benchPageEvents(
  world: PageWorld,
  browser: Browser,
  { rounds = 4, seconds = 20 } = {},
): Promise<BenchTable> {
  const live: Measured = { times: [], missing: 0, clockMs: 0 };
  const polled: Measured = { times: [], missing: 0, clockMs: 0 };
  const writer = createWriter(world);
  for (let round = 0; round < rounds; round += 1) {
    await measure(live, await openLive(world, browser), writer, seconds);
    await measure(polled, await openPolling(world, browser), writer, seconds);
  }
  const row = (name: string, { times }: Measured) => ({
    name,
    values: [
      times.length,
      median(times),
      percentile(times, 95),
      ratio(median(times), median(live.times)),
      ratio(percentile(times, 95), percentile(live.times, 95)),
    ],
  });
  return {
    title: "From an event's commit in the database to its paint in the page, through Caddy",
    columns: ['events', 'p50 ms', 'p95 ms', '× the page, p50', '× the page, p95'],
    rows: [row('the page', live), row(`a page that asks every ${pollMs / 1000} s`, polled)],
    goals: [
      {
        what: 'the page, p50, ms',
        goal: `at most ${goalMs}`,
        value: median(live.times),
        met: median(live.times) <= goalMs,
      },
      { what: 'events never painted', goal: '0', value: live.missing, met: live.missing === 0 },
    ],
    notes: [
      `${world.names.length} workspaces, ${eventsPerSecond} events a second written by another process than the server's; those of the rows in view count.`,
      `${rounds} rounds of ${seconds} s each, in turn. Painted: the first task after the frame that shows it.`,
      `The two clocks agree within ${Math.max(live.clockMs, polled.clockMs).toFixed(1)} ms.`,
    ],
  };
}

/** Writes changes of sizes, workspace by workspace, each a size that the row did not have. */
function createWriter({ store, names }: PageWorld): (seconds: number) => Promise<Committed[]> {
  let count = 0;
  return async (seconds) => {
    const committed: Committed[] = [];
    const begun = performance.now();
    for (let index = 0; index < seconds * eventsPerSecond; index += 1) {
      const due = begun + (index * 1000) / eventsPerSecond;
      if (due > performance.now()) await sleep(due - performance.now());
      const name = names[count % names.length] ?? '';
      const gib = 2 + (Math.floor(count / names.length) % 60);
      count += 1;
      const begunAt = performance.timeOrigin + performance.now();
      store.resize(name, { memoryMiB: gib * 1024 }, { actor: 'user' });
      committed.push({ name, gib, begunAt, at: performance.timeOrigin + performance.now() });
    }
    return committed;
  };
}

async function measure(
  measured: Measured,
  page: Page,
  write: (seconds: number) => Promise<Committed[]>,
  seconds: number,
): Promise<void> {
  const inView = new Set((await paintedRows(page)).map(({ name }) => name));
  const { offsetMs, withinMs } = await clockOffset(page);
  measured.clockMs = Math.max(measured.clockMs, withinMs);
  const committed = await write(seconds);
  await sleep(pollMs + 1_000);
  const painted = await paintedRows(page);
  await page.context().close();
  for (const { name, gib, begunAt, at } of committed.filter((event) => inView.has(event.name))) {
    const seen = painted.find((row) => row.name === name && row.gib === gib && row.at + offsetMs + withinMs > begunAt);
    if (seen === undefined) measured.missing += 1;
    else measured.times.push(seen.at + offsetMs - at);
  }
}

async function openLive({ tidepool }: PageWorld, browser: Browser): Promise<Page> {
  const page = await openTab(browser, tidepool);
  await watchRows(page);
  await page.goto(`${tidepool.appOrigin}/app/`);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.waitForFunction(() => window.rowWatch.painted.length > 0);
  return page;
}

/** As plain as can be, and so as fast: it asks for what it shows and writes it into a list. */
async function openPolling({ tidepool, names }: PageWorld, browser: Browser): Promise<Page> {
  // A document of the API's own allows no requests.
  const page = await openTab(browser, tidepool, { bypassCSP: true });
  await watchRows(page);
  await page.goto(`${tidepool.appOrigin}/api/health`);
  await page.evaluate(poll, { every: pollMs, limit: Math.min(100, names.length) });
  await page.waitForFunction(() => window.rowWatch.painted.length > 0);
  return page;
}

/** Runs in the page. */
async function poll({ every, limit }: { every: number; limit: number }): Promise<void> {
  const draw = async () => {
    const answer = await fetch(`/api/workspaces?limit=${limit}`);
    const { items } = await answer.json();
    document.body.replaceChildren(
      ...items.map(({ name, memoryMiB }: { name: string; memoryMiB: number }) => {
        const row = document.createElement('li');
        const link = document.createElement('a');
        link.href = `/app/workspaces/${name}`;
        link.textContent = name;
        row.append(link, ` ${memoryMiB / 1024} GiB`);
        return row;
      }),
    );
  };
  await draw();
  setInterval(draw, every);
}
