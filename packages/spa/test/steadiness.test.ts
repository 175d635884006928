/** Nothing moves while a view fills, on a phone, where everything stands in one column. */
import { expect, test } from 'vitest';
import { watchShifts } from './shifts.ts';
import { createWorld } from './stub-world.ts';
import { busyHost } from './views/worlds.ts';
import { visits } from './visits.ts';

const open = visits();

test.each([
  ['/workspaces/notes', 'Facts'],
  ['/host', 'Findings'],
])('%s', async (path, last) => {
  const world = createWorld();
  busyHost(world);
  const { page } = await open(world, path, 412);
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
