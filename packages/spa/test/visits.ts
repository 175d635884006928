/** How a file of tests looks at the page: in a browser of its own, and what each test visits is ended behind it. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchBrowser, type Visit, visit } from './browser.ts';
import type { World } from './stub-world.ts';

/** @returns how a test opens the page. It has one visit */
export function visits(usualPath = '/'): (world: World, path?: string, width?: number) => Promise<Visit> {
  let browser: Browser;
  let open: Visit | undefined;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await open?.end();
    open = undefined;
  });
  return async (world, path = usualPath, width = undefined) => {
    open = await visit(browser, world, path, width);
    return open;
  };
}

/** As `visits`; the page is connected when it is given. */
export function liveVisits(): ReturnType<typeof visits> {
  const open = visits();
  return async (world, path, width) => {
    const visit = await open(world, path, width);
    await visit.page.getByText('Live').waitFor();
    return visit;
  };
}
