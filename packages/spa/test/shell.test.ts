/** What stands around every page: dialogs, menus, tooltips, keys, messages, the banner, and what is left when a view breaks. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { breakClock } from './break-clock.ts';
import { doubleClick } from './double-click.ts';
import { aRunning, createWorld, type World } from './stub-world.ts';
import { liveVisits } from './visits.ts';

const enter = liveVisits();

function aWorld(): World {
  const world = createWorld();
  world.add('notes', aRunning);
  world.add('draft', { lastAccessedAt: new Date(Date.now() - 3 * 60_000).toISOString() });
  return world;
}

const isFocused = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).evaluate((element) => element === document.activeElement);
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '');

test('a menu is walked by arrows, ends and first letters, and gives the focus back', async () => {
  const { page, complaints } = await enter(aWorld());
  const more = page.getByRole('button', { name: 'More for notes' });
  await more.focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('menu', { name: 'More for notes' }).waitFor();
  expect(await more.getAttribute('aria-expanded')).toBe('true');
  await expect.poll(() => focused(page)).toContain('Details');
  await page.keyboard.press('End');
  await expect.poll(() => focused(page)).toContain('Delete…');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => focused(page)).toContain('Details');
  await page.keyboard.type('st');
  await expect.poll(() => focused(page)).toContain('Stop');
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await expect.poll(() => isFocused(page, 'More for notes')).toBe(true);

  await page.getByRole('button', { name: 'More for draft' }).click();
  await expect.poll(() => focused(page)).toContain('Details');
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('ArrowDown');
  // What cannot be chosen is reached, and says why.
  await expect.poll(() => focused(page)).toMatch(/^StopIt is stopped/);
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await page.mouse.click(20, 500);
  await page.getByRole('menu').waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('a double click leaves open what its first click opened', async () => {
  const { page, complaints } = await enter(aWorld(), '/workspaces/draft/settings');
  const dialog = page.getByRole('dialog', { name: 'Delete draft' });
  const field = page.getByRole('textbox', { name: 'Type draft to confirm' });
  await doubleClick(page, page.getByRole('button', { name: 'Delete…' }), field);
  await field.fill('draft');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  const palette = page.getByRole('combobox', { name: 'Go to or do' });
  await doubleClick(page, page.getByRole('button', { name: 'Go to or do' }), palette);
  await palette.fill('draft');
  expect(complaints).toEqual([]);
});

test('a dialog holds the focus, opens on its field, closes on Esc and on a press beside it', async () => {
  const { page, complaints } = await enter(aWorld());
  const openDialog = async () => {
    await page.getByRole('button', { name: 'More for draft' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('dialog', { name: 'Delete draft' }).waitFor();
  };
  const field = page.getByRole('textbox', { name: 'Type draft to confirm' });
  const isInField = () => field.evaluate((element) => element === document.activeElement);
  await openDialog();
  await expect.poll(isInField).toBe(true);
  for (let press = 0; press < 8; press += 1) {
    await page.keyboard.press('Tab');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null))
      .toBe(true);
  }
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
  await expect.poll(() => isFocused(page, 'More for draft')).toBe(true);
  await openDialog();
  await page.mouse.click(20, 500);
  await field.waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('a dialog over a long page moves nothing of it, and is a sheet on a phone', async () => {
  const world = createWorld();
  for (let number = 10; number < 60; number += 1) world.add(`workspace-${number}`);
  const { page } = await enter(world);
  const button = page.getByRole('button', { name: 'More for workspace-10', includeHidden: true });
  const left = () => button.evaluate((element) => element.getBoundingClientRect().x);
  const before = await left();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  expect(await left()).toBe(before);
  await page.setViewportSize({ width: 360, height: 700 });
  const box = () => page.getByRole('dialog').evaluate((e) => e.getBoundingClientRect());
  await expect.poll(async () => (await box()).width).toBe(360);
  expect((await box()).bottom).toBe(700);
});

test('? lists the keys of the view, and single letters can be switched off', async () => {
  const { page } = await enter(aWorld());
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keys' });
  await dialog.getByText('Go to Host').waitFor();
  await page.keyboard.press('n');
  expect(new URL(page.url()).pathname).toBe('/app/');
  await dialog.getByRole('checkbox', { name: 'Single letters do something' }).uncheck();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('n');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Go to or do' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/app/');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Keys' }).click();
  await dialog.getByRole('checkbox').check();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await page.waitForURL('**/app/host');
});

test('the exact time shows by keyboard and leaves on Esc', async () => {
  const { page } = await enter(aWorld());
  const time = page.getByRole('row').filter({ hasText: 'draft' }).locator('time').first();
  await page.keyboard.press('Tab');
  await time.focus();
  const tip = page.locator('.tip');
  await tip.waitFor();
  const zone = await page.evaluate(
    () =>
      new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' })
        .formatToParts(0)
        .find(({ type }) => type === 'timeZoneName')?.value,
  );
  expect(await tip.textContent()).toContain(zone);
  await page.keyboard.press('Escape');
  await tip.waitFor({ state: 'detached' });
});

test('a refusal says what happened, what to do and its request id, and leads on by one press', async () => {
  const { page } = await enter(aWorld());
  await page.route('**/api/workspaces/*/start', (route) =>
    route.fulfill({
      status: 409,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: 'urn:tidepool:error:job_in_the_way',
        title: 'A change of this workspace is under way',
        status: 409,
        code: 'job_in_the_way',
        detail: 'Someone stopped it 2 s ago.',
        fields: [],
        fix: 'Wait until it is done.',
        requestId: 'req_01k3v9f7',
      }),
    }),
  );
  await page.getByRole('button', { name: 'Start draft' }).click();
  const message = page.getByRole('alert').filter({ hasText: 'draft was not started' });
  await message.getByText('Someone stopped it 2 s ago.').waitFor();
  await message.getByText('job_in_the_way · req_01k3v9f7').waitFor();
  await page.keyboard.press('F6');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Watch it');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/workspaces/draft/watch');
  await message.waitFor({ state: 'detached' });
});

test('a view that breaks leaves the rest of the page, and can be drawn anew', async () => {
  // A page that does without that clock, so that the list breaks when it is gone to, and not before.
  const { page } = await enter(aWorld(), '/new');
  await page.getByRole('textbox', { name: 'Name' }).waitFor();
  const mend = await breakClock(page);
  await page.getByRole('link', { name: 'Workspaces', exact: true }).click();
  await page.getByRole('heading', { name: 'This view broke. Your workspaces did not.' }).waitFor();
  await page.getByText('What to send with a report').click();
  await page.getByText('the clock fell off the wall').waitFor();
  await page.getByText('Live').waitFor();
  await mend();
  await page.getByRole('button', { name: 'Reload this view' }).click();
  await page.getByRole('link', { name: 'draft', exact: true }).waitFor();
});

test('a page that breaks as a whole says so and offers to load it again', async () => {
  const { page, stub } = await enter(aWorld());
  await page.evaluate(() => {
    Intl.DateTimeFormat.prototype.formatToParts = () => {
      throw new TypeError('no parts');
    };
    Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', {
      get: () => () => {
        throw new TypeError('no clock');
      },
    });
  });
  await stub.down();
  await page.getByRole('heading', { name: 'This page broke. Your workspaces did not.' }).waitFor();
  await stub.up();
  await page.getByRole('button', { name: 'Reload the page' }).click();
  await page.getByRole('link', { name: 'draft', exact: true }).waitFor();
});

test('the banner counts down to the next try, and being back is said', async () => {
  const { page, stub } = await enter(aWorld());
  await stub.down();
  const banner = page.getByRole('alert').filter({ hasText: 'Not connected since' });
  await banner.getByText(/Next try in \d+ s\./).waitFor();
  await page.getByText('Not connected', { exact: true }).waitFor();
  await stub.up();
  await page.getByText('Connected again. What you see is true now.').waitFor({ state: 'attached' });
  await banner.waitFor({ state: 'detached' });
});

test('an end of the session is said, and signing in is one press away', async () => {
  const { page, stub, context } = await enter(aWorld());
  await context.route('**/api/**', (route) => route.fulfill({ status: 401 }));
  await stub.down();
  await page.getByText('You are not signed in any more.').waitFor();
  await stub.up();
  await context.unroute('**/api/**');
  await page.getByRole('button', { name: 'Reload the page' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
});

test('two presses that wait behind a busy page are one', async () => {
  const { page, stub } = await enter(aWorld());
  await page.getByRole('button', { name: 'Start draft' }).evaluate((button: HTMLElement) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => button.click();
    for (const press of [1, 2]) port2.postMessage(press);
  });
  await page.getByRole('link', { name: 'Watch draft' }).waitFor();
  expect(stub.asked.filter((each) => each.startsWith('POST')).length).toBe(1);
});

test('what is under way stands in the status bar and leads to the host', async () => {
  const world = aWorld();
  const { page } = await enter(world);
  await page.getByText('Nothing is changing').waitFor();
  await page.getByRole('button', { name: 'Start draft' }).click();
  await page.getByRole('link', { name: '1 job: starting draft' }).waitFor();
  world.finish([...world.jobs.keys()].at(-1) ?? '');
  await page.getByText('Nothing is changing').waitFor();
});

test('the theme is the system’s, light or dark, says which, and stays', async () => {
  const { page } = await enter(aWorld());
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  expect(await theme()).toBeUndefined();
  await page.getByRole('button', { name: 'Theme: as the system' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).click();
  await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
  expect(await theme()).toBe('dark');
});
