/** Going anywhere and doing anything by typing, by keyboard alone. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { aPort, aRunning, createWorld, type World } from './stub-world.ts';
import { liveVisits } from './visits.ts';

const enter = liveVisits();

function aWorld(): World {
  const world = createWorld();
  world.add('notes', { ...aRunning, ports: [aPort('notes', 5173, 'docs')] });
  world.add('ml-notebook');
  world.add('thesis', aRunning);
  return world;
}

const input = (page: Page) => page.getByRole('combobox', { name: 'Go to or do' });
const option = (page: Page, name: string | RegExp) => page.getByRole('option', { name });

async function openPalette(page: Page, typed: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await input(page).waitFor();
  await page.keyboard.type(typed);
}

/** The option that Enter would choose, as a screen reader is told. */
async function isActive(page: Page, name: string | RegExp): Promise<boolean> {
  const id = await input(page).getAttribute('aria-activedescendant');
  return id !== null && (await option(page, name).getAttribute('id')) === id;
}

test('Ctrl-K, a few letters and Enter lead to a workspace', async () => {
  const { page, complaints } = await enter(aWorld());
  await openPalette(page, 'no');
  await option(page, /^notes/).waitFor();
  await option(page, /^ml-notebook/).waitFor();
  await option(page, /thesis/).waitFor({ state: 'detached' });
  await expect.poll(() => isActive(page, /^notes/)).toBe(true);
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => isActive(page, /^ml-notebook/)).toBe(true);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/workspaces/ml-notebook');
  await input(page).waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('what is typed before the field is there is not lost, and is no key of the page', async () => {
  const { page } = await enter(aWorld());
  // In one breath: nothing is drawn in between.
  await page.evaluate(() => {
    const press = (key: string, ctrlKey = false) =>
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true }));
    press('k', true);
    for (const key of 'no') press(key);
  });
  await option(page, /^notes/).waitFor();
  await expect.poll(() => input(page).inputValue()).toBe('no');
  await page.keyboard.type('t');
  await expect.poll(() => input(page).inputValue()).toBe('not');
  expect(page.url()).not.toContain('/new');
});

test('what the page has not read is found by the server', async () => {
  const world = createWorld();
  for (let number = 100; number < 400; number += 1) world.add(`workspace-${number}`);
  const { page, stub } = await enter(world);
  await openPalette(page, '399');
  await option(page, /^workspace-399/).waitFor();
  expect(stub.asked.filter((line) => line === 'GET /api/workspaces').length).toBeGreaterThan(1);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/workspaces/workspace-399');
});

test('a verb and a name do it, and what cannot be done says why', async () => {
  const world = aWorld();
  const { page } = await enter(world);
  await openPalette(page, 'stop note');
  await option(page, /^Stop notes/).waitFor();
  const refused = option(page, /^Stop ml-notebook/);
  await refused.waitFor();
  expect(await refused.getAttribute('aria-disabled')).toBe('true');
  expect(await refused.textContent()).toMatch(/\.$/);
  await expect.poll(() => isActive(page, /^Stop notes/)).toBe(true);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await input(page).waitFor();
  expect(world.jobs.size).toBe(0);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await input(page).waitFor({ state: 'detached' });
  await expect.poll(() => world.jobs.size).toBe(1);
  await page.getByText('Stopping, its files stay').waitFor();
});

test('a name that is not taken becomes a new workspace', async () => {
  const { page } = await enter(aWorld());
  await openPalette(page, 'kelp-harbor');
  await option(page, 'New workspace called kelp-harbor').waitFor();
  await page.keyboard.press('Enter');
  const name = page.getByRole('textbox', { name: 'Name' });
  await expect.poll(() => name.inputValue()).toBe('kelp-harbor');
  await openPalette(page, 'no');
  const short = option(page, /^New workspace called no/);
  await short.waitFor();
  expect(await short.textContent()).toContain('at least 3');
});

test('deleting opens its dialog, and Esc gives the focus back to where it was', async () => {
  const { page } = await enter(aWorld());
  const finder = page.getByRole('button', { name: 'Go to or do' });
  await finder.focus();
  await page.keyboard.press('Enter');
  await input(page).waitFor();
  await page.keyboard.type('delete thesis');
  await option(page, /^Delete thesis/).waitFor();
  await page.keyboard.press('Enter');
  const field = page.getByRole('textbox', { name: 'Type thesis to confirm' });
  await field.waitFor();
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
  await expect.poll(() => finder.evaluate((element) => element === document.activeElement)).toBe(true);
});

test('a port opens in a new tab, and so does an editor with Ctrl held', async () => {
  const { page, context } = await enter(aWorld());
  await openPalette(page, '5173');
  await option(page, /^Open 5173 docs of notes/).waitFor();
  await expect.poll(() => isActive(page, /^notes|^Open 5173/)).toBe(true);
  await option(page, /^Open 5173 docs of notes/).hover();
  const [port] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('Enter')]);
  await port.waitForURL('**/workspace/notes/**');
  await page.bringToFront();
  await openPalette(page, 'thesis');
  await expect.poll(() => isActive(page, /^thesis/)).toBe(true);
  const [editor] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('Control+Enter')]);
  await editor.waitForURL('**/workspace/thesis/');
  expect(new URL(page.url()).pathname).toBe('/app/');
});

test('on a workspace’s page what can be done with it comes first, and what was chosen is offered again', async () => {
  const { page } = await enter(aWorld(), '/workspaces/thesis');
  await page.getByRole('heading', { name: 'thesis' }).waitFor();
  await openPalette(page, '');
  await expect.poll(() => isActive(page, /^Open thesis in the editor/)).toBe(true);
  await page.keyboard.type('logs');
  await option(page, /^Logs of thesis/).waitFor();
  await expect.poll(() => isActive(page, /^Logs of thesis/)).toBe(true);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/workspaces/thesis/logs');
  await page.getByRole('link', { name: 'Tidepool, all workspaces' }).click();
  await openPalette(page, '');
  await page
    .getByRole('group', { name: 'Recent' })
    .getByRole('option', { name: /^Logs of thesis/ })
    .waitFor();
});

test('while not connected it still goes places, and says why it does nothing', async () => {
  const { page, stub } = await enter(aWorld());
  const fetched = () => performance.getEntriesByType('resource').map(({ name }) => name);
  await expect.poll(async () => (await page.evaluate(fetched)).join()).toContain('/later-overlays-');
  await stub.down();
  await page.getByText('Not connected since').waitFor();
  await openPalette(page, 'stop notes');
  const stop = option(page, /^Stop notes/);
  await stop.waitFor();
  expect(await stop.textContent()).toContain('Not connected');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('host');
  await option(page, /^Host/).waitFor();
  await expect.poll(() => isActive(page, /^Host/)).toBe(true);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/app/host');
  await stub.up();
});

test('on a phone it is an icon, and the whole width is the palette’s', async () => {
  const { page } = await enter(aWorld(), '/', 360);
  await page.getByRole('button', { name: 'Go to or do' }).click();
  await input(page).waitFor();
  await option(page, /^notes/).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await input(page).waitFor({ state: 'detached' });
});
