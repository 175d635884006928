/** Nothing moves while a view fills, on a phone, where everything stands in one column. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type BuiltPage, buildPage, type Visit, visit } from './browser.ts';
import { createWorld } from './stub-world.ts';
import { busyHost } from './views/worlds.ts';

let built: BuiltPage;
let open: Visit | undefined;
beforeAll(async () => {
  built = await buildPage();
});
afterAll(() => built.close());
afterEach(async () => {
  await open?.end();
  open = undefined;
});

/** What the browser's own measure of shifts comes to, from the first navigation after this. */
async function watchShifts(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    Object.assign(globalThis, { shifted: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if ('value' in entry) Object.assign(globalThis, { shifted: Reflect.get(globalThis, 'shifted') + entry.value });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return () => page.evaluate(() => Number(Reflect.get(globalThis, 'shifted')));
}

test.each([
  ['/workspaces/notes', 'Facts'],
  ['/host', 'Findings'],
])('%s', async (path, last) => {
  const world = createWorld();
  busyHost(world);
  open = await visit(built, world, path, 412);
  const { page } = open;
  const shifted = await watchShifts(page);
  // Each answer at another time.
  await page.route('**/api/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    const late =
      pathname === '/api/host' ? 100 : pathname.includes('history') || pathname.includes('activity') ? 400 : 250;
    if (pathname !== '/api/events') await new Promise((resolve) => setTimeout(resolve, late));
    await route.continue();
  });
  await page.reload();
  await page.getByRole('heading', { name: last }).waitFor();
  await page.getByText('Live').waitFor();
  await page.waitForTimeout(500);
  expect(await shifted()).toBeLessThan(0.02);
});
