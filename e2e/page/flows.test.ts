/** Every flow of the page against a real Tidepool: with a mouse, with a finger at 360 px, by keyboard alone. */

import { checkInvariants } from '@tidepool/db';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openTab } from '../browser.ts';
import { startTidepool, type Tidepool } from '../tidepool.ts';
import { flows } from './flows/flows.ts';
import { budgetMiB } from './flows/make-room.ts';
import { finger, keyboard, mouse } from './hand.ts';
import { walk } from './walk.ts';

let tidepool: Tidepool;
let browser: Browser;
beforeAll(async () => {
  tidepool = await startTidepool({ env: { TIDEPOOL_MEMORY_MIB: String(budgetMiB) } });
  browser = await launchBrowser({ program: 'bare' });
});
afterAll(async () => {
  await browser?.close();
  await tidepool?.dispose();
});

// Side by side, as three people: each in a browser and with a workspace of its own, one flow after the other.
describe.concurrent.each([
  { kind: mouse, own: 'mussel' },
  { kind: finger, own: 'flounder' },
  { kind: keyboard, own: 'kelp' },
])('$kind.name', ({ kind, own }) => {
  let context: BrowserContext;
  beforeAll(async () => {
    context = (await openTab(browser, tidepool, kind.screen)).context();
    context.setDefaultTimeout(60_000);
  });

  test.each(flows)('$name', { concurrent: false }, async ({ flow }) => {
    const page = await context.newPage();
    try {
      await walk(flow, { tidepool, page, kind, own });
    } finally {
      await page.close();
    }
  });
});

test('nothing that was done left anything behind in the database that should not be there', () => {
  expect(checkInvariants(`${tidepool.home}/tidepool.db`)).toEqual([]);
});
