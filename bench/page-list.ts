/** The first paint of the list's rows: 1,000 workspaces beside 10. */
import type { Browser, Page } from 'playwright-core';
import { openTab } from '../e2e/browser.ts';
import type { PageWorld } from './page-world.ts';
import { firstRowsAt, watchRows } from './row-watch.ts';
import { type BenchTable, median, percentile, ratio } from './table.ts';

interface Subject {
  readonly world: PageWorld;
  readonly page: Page;
  readonly times: number[];
}

/** @param worlds the small one first */
export async function benchPageList(
  worlds: readonly [PageWorld, PageWorld],
  browser: Browser,
  { rounds = 20 } = {},
): Promise<BenchTable> {
  const [small, large] = [await open(worlds[0], browser), await open(worlds[1], browser)];
  // The first of each fills the browser's cache and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { world, page, times } of round % 2 === 0 ? [small, large] : [large, small]) {
      await page.goto(`${world.tidepool.appOrigin}/app/`);
      const took = await firstRowsAt(page);
      if (round > 0) times.push(took);
    }
  }
  for (const { page } of [small, large]) await page.context().close();
  const row = ({ world, times }: Subject) => ({
    name: `${world.names.length.toLocaleString('en')} workspaces`,
    values: [
      median(times),
      percentile(times, 95),
      ratio(median(times), median(small.times)),
      ratio(percentile(times, 95), percentile(small.times, 95)),
    ],
  });
  const times = ratio(median(large.times), median(small.times));
  return {
    title: "The list: from the navigation to the first paint of rows, the page's scripts in the browser's cache",
    columns: ['p50 ms', 'p95 ms', '× 10 workspaces, p50', '× 10 workspaces, p95'],
    rows: [row(small), row(large)],
    goals: [{ what: '1,000 workspaces ÷ 10, p50', goal: 'at most 2', value: times, met: times <= 2 }],
    notes: [`${rounds} loads of each, in turn, after one that is not counted.`],
  };
}

async function open(world: PageWorld, browser: Browser): Promise<Subject> {
  const page = await openTab(browser, world.tidepool);
  await watchRows(page);
  return { world, page, times: [] };
}
