/** What a network does to the page: it goes and comes back, something in it answers for Tidepool, and without TLS the browser copies nothing. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { aRunning, createWorld, type World } from './stub-world.ts';
import { visits } from './visits.ts';

const enter = visits();
let context: BrowserContext | undefined;
afterEach(async () => {
  await context?.close();
  context = undefined;
});

function aWorld(): World {
  const world = createWorld();
  world.add('notes', aRunning);
  return world;
}

/** The page as another device has it: on a plain-http name, which the stub itself resolves as its proxy. */
async function fromElsewhere(world: World): Promise<Page> {
  const { stub, context: nearby } = await enter(world);
  const browser = nearby.browser();
  if (!browser) throw new Error('the browser is gone');
  context = await browser.newContext({ proxy: { server: stub.origin } });
  const page = await context.newPage();
  await page.goto('http://tidepool.test/app/');
  await page.getByText('Live', { exact: true }).waitFor();
  return page;
}

test('without a network the page says so at once, and is live again as soon as there is one', async () => {
  const world = aWorld();
  const page = await fromElsewhere(world);
  // The stream would stay as it is: only the browser's word tells.
  await page.route('**/api/events', () => undefined);
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'onLine', { get: () => false, configurable: true });
    dispatchEvent(new Event('offline'));
  });
  await page.getByText('This device has no network.').waitFor({ timeout: 5_000 });
  await page.getByText('Was running').waitFor({ timeout: 5_000 });
  // A try hangs by now, as on a network that swallows what is sent.
  await page.getByText('Not connected', { exact: true }).waitFor();
  await page.waitForRequest('**/api/events');
  await page.unroute('**/api/events');
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'onLine', { get: () => true, configurable: true });
    dispatchEvent(new Event('online'));
  });
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 5_000 });
});

test('what answers in Tidepool’s place is named, with what to do about it', async () => {
  const world = aWorld();
  const { page, stub, context: here } = await enter(world);
  await page.getByText('Live', { exact: true }).waitFor();
  await here.route('**/api/**', (route) =>
    route.fulfill({ status: 200, contentType: 'text/html; charset=utf-8', body: '<h1>Welcome to our network</h1>' }),
  );
  await page.getByRole('button', { name: 'More for notes' }).click();
  await page.getByRole('menuitem', { name: 'Stop' }).click();
  const refusal = page.getByRole('alert').filter({ hasText: 'notes was not stopped' });
  await refusal.getByText('Something between here and Tidepool answered in its place: 200, text/html.').waitFor();
  await refusal.getByText(/whether this network asks you to sign in/).waitFor();

  await stub.down();
  const banner = page.getByRole('alert').filter({ hasText: 'Not connected since' });
  await banner.getByText(/answers in its place \(200, text\/html\)/).waitFor();
  await stub.up();
  await here.unroute('**/api/**');
  await banner.getByRole('button', { name: 'Reload the page' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
});

test('an address that the browser does not copy is shown, selected, and the focus comes back', async () => {
  const page = await fromElsewhere(aWorld());
  const copied = () => page.evaluate(() => String(Reflect.get(globalThis, 'copied') ?? ''));
  await page.evaluate(() => {
    document.execCommand = () => false;
    document.addEventListener('copy', () =>
      Object.assign(globalThis, { copied: document.activeElement?.matches('input') && getSelection()?.toString() }),
    );
  });
  const more = page.getByRole('button', { name: 'More for notes' });
  await more.click();
  await page.getByRole('menuitem', { name: 'Copy address' }).click();
  const field = page.getByRole('textbox', { name: 'To be copied by hand' });
  await expect.poll(() => field.inputValue()).toMatch(/^http:\/\/tidepool\.test:\d+\/workspace\/notes\/$/);
  await page.keyboard.press('Control+c');
  await expect.poll(copied).toBe(await field.inputValue());
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
  expect(await more.evaluate((element) => element === document.activeElement)).toBe(true);
});

test('without TLS an address is copied all the same, and the focus stays', async () => {
  const page = await fromElsewhere(aWorld());
  const row = page.getByRole('row').filter({ hasText: 'notes' });
  await row.focus();
  await page.keyboard.press('c');
  await page.getByText('Address copied').waitFor();
  expect(await row.evaluate((element) => element === document.activeElement)).toBe(true);
});
