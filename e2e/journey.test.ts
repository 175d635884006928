/** The first paragraph of what Tidepool promises, in a real browser. */
import { afterAll, beforeAll, test } from 'vitest';
import { openBrowser, type SignedIn } from './browser.ts';
import { personJourney } from './person-journey.ts';
import { startTidepool, type Tidepool } from './tidepool.ts';

let tidepool: Tidepool;
let browser: SignedIn;
beforeAll(async () => {
  tidepool = await startTidepool();
  browser = await openBrowser(tidepool);
});
afterAll(async () => {
  await browser?.close();
  await tidepool?.dispose();
});

test('a person creates a workspace, works in VS Code, publishes a port, stops, starts, finds their file, deletes', () =>
  personJourney(tidepool, browser));
