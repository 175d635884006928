/**
 * In the middle of every flow of the page the server is killed, Caddy is killed, the browser is offline for a minute. The
 * flows are walked side by side, each in a tab and with a workspace of its own; each ends as if nothing had happened, in
 * the document that it began in.
 */
import { checkInvariants } from '@tidepool/db';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openTab } from '../browser.ts';
import { holdWorker } from '../hold-job.ts';
import { startTidepool, type Tidepool } from '../tidepool.ts';
import { accidents } from './accidents.ts';
import { walkAllAtOnce } from './all-at-once.ts';
import { flows } from './flows/flows.ts';
import { budgetMiB } from './flows/make-room.ts';
import { calm, mouse } from './hand.ts';
import { openRelay, type Relay } from './relay.ts';
import { isLive, running, walk } from './walk.ts';

let tidepool: Tidepool;
let browser: Browser;
let context: BrowserContext;
let relay: Relay;
beforeAll(async () => {
  tidepool = await startTidepool({ env: { TIDEPOOL_MEMORY_MIB: String(budgetMiB) } });
  relay = await openRelay(tidepool.ports.app);
  browser = await launchBrowser({
    program: 'bare',
    through: { from: `localhost:${tidepool.ports.app}`, to: relay.port },
  });
  const first = await openTab(browser, tidepool, { ...mouse.screen, ...calm });
  context = first.context();
  context.setDefaultTimeout(90_000);
  await first.close();
  await running(tidepool, bystander);
});
afterAll(async () => {
  await browser?.close();
  relay?.close();
  await tidepool?.dispose();
});

const bystander = 'bystander';
const workspaceOf = (flow: string) => `for-${flow}`;

test.each(accidents)('$name in the middle of every flow, and each ends as it should', async ({ happen }) => {
  const walkers = flows.map(({ name, flow }) => ({
    name,
    walk: async (middle: (act?: () => Promise<void>) => Promise<void>) => {
      const page = await context.newPage();
      const andLive = async (act?: () => Promise<void>) => {
        await middle(act);
        // It may have been led on into an editor by now.
        if (page.url().startsWith(tidepool.appOrigin)) await Promise.race([isLive(page), isLedOn(page)]);
      };
      try {
        await walk(flow, { tidepool, page, kind: mouse, own: workspaceOf(name), middle: andLive });
      } finally {
        await page.close();
      }
    },
  }));
  let goOn = () => {};
  const before = async () => {
    goOn = await holdWorker(tidepool, changeSomething);
  };
  try {
    await walkAllAtOnce(walkers, { before, happen: () => happen({ tidepool, context, cut: relay.cut, goOn }) });
  } finally {
    goOn();
  }
});

test('the database is as it should be after all of that', () => {
  expect(checkInvariants(`${tidepool.home}/tidepool.db`)).toEqual([]);
});

async function isLedOn(page: Page): Promise<void> {
  await page.waitForURL(`${tidepool.workspaceOrigin}/**`, { waitUntil: 'commit' });
}

async function changeSomething(): Promise<unknown> {
  const { cpus } = await tidepool.api('getWorkspace', { params: { id: bystander } });
  return tidepool.api('updateWorkspace', { params: { id: bystander }, body: { cpus: cpus === 1 ? 2 : 1 } });
}
