/** The built page over many tabs, many rows, a cut connection and a small screen. */
import { expect, test } from 'vitest';
import { aPort, aRunning, createWorld } from './stub-world.ts';
import { visits } from './visits.ts';

const enter = visits();

test('a cut connection is said, nothing can be asked meanwhile, and all is right again after', async () => {
  const world = createWorld();
  const notes = world.add('notes', aRunning);
  const draft = world.add('draft');
  const { page, stub } = await enter(world);
  await page.getByText('Live').waitFor();
  await stub.down();
  await page.getByText('Not connected since').waitFor();
  await page.getByText('Was running').waitFor();
  const start = page.getByRole('button', { name: 'Start draft' });
  expect(await start.getAttribute('aria-disabled')).toBe('true');
  await start.focus();
  await page.getByRole('tooltip', { name: 'Not connected' }).first().waitFor({ state: 'attached' });

  world.change(notes.id, { status: 'stopped', stopReason: 'instance_gone' });
  world.remove(draft.id);
  await stub.up();
  // It also tries by itself, and may have been first: then the button is gone.
  await page
    .getByRole('button', { name: 'Try now' })
    .click({ timeout: 5_000 })
    .catch(() => {});
  await page.getByText('its machine is gone').waitFor();
  await page.getByText('Not connected since').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'draft' }).waitFor({ state: 'detached' });
});

test('eight tabs share one event stream, and it outlives the tab that holds it', async () => {
  const world = createWorld();
  const notes = world.add('notes', aRunning);
  const { page, context, stub } = await enter(world);
  await page.getByText('Live').waitFor();
  const others = [];
  for (let number = 0; number < 7; number += 1) {
    const other = await context.newPage();
    await other.goto(`${stub.origin}/app/`);
    await other.getByText('Live').waitFor();
    others.push(other);
  }
  expect(stub.streams).toEqual({ open: 1, total: 1 });
  world.change(notes.id, { status: 'stopped' });
  for (const tab of [page, ...others]) await tab.getByRole('button', { name: 'Start notes' }).waitFor();

  await page.close();
  await expect.poll(() => stub.streams.total).toBe(2);
  world.change(notes.id, { ...aRunning });
  for (const tab of others) await tab.getByRole('link', { name: 'Open notes' }).waitFor();
  expect(stub.streams.open).toBe(1);
});

test('a view that is fetched later is there while Tidepool is not', async () => {
  const world = createWorld();
  world.add('notes', aRunning);
  const { page, stub } = await enter(world);
  await page.getByText('Live').waitFor();
  const fetched = () => performance.getEntriesByType('resource').map(({ name }) => name);
  await expect.poll(async () => (await page.evaluate(fetched)).join()).toContain('/later-pages-');
  await stub.down();
  await page.getByText('Not connected since').waitFor();
  await page.getByRole('link', { name: 'Host' }).click();
  await page.getByRole('heading', { name: 'Host', exact: true }).waitFor();
  await stub.up();
});

test('nothing is wider than a phone of 360 px', async () => {
  const world = createWorld();
  world.add('a-name-of-forty-characters-which-is-a-lot', {
    ...aRunning,
    ports: [aPort('notes', 3000, 'a label of its own')],
  });
  world.add('notes', aRunning);
  const { page, stub } = await enter(world, '/', 360);
  for (const path of [
    '/',
    '/new',
    '/host',
    '/workspaces/a-name-of-forty-characters-which-is-a-lot',
    '/workspaces/notes/settings',
  ]) {
    await page.goto(`${stub.origin}/app${path}`);
    await page.getByRole('heading').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(360);
  }
});

test('on a phone the tab of the section that is open is in view', async () => {
  const world = createWorld();
  world.add('notes', { ...aRunning, ports: [aPort('notes', 3000)] });
  const { page } = await enter(world, '/workspaces/notes/settings', 360);
  const tab = page.getByRole('link', { name: 'Settings' });
  await tab.waitFor();
  await expect.poll(() => tab.evaluate((link) => link.getBoundingClientRect().right)).toBeLessThanOrEqual(360);
});

test('a browser that refuses its storage shows the page all the same', async () => {
  const world = createWorld();
  world.add('notes', { stopReason: 'host_restarted' });
  const { context, stub, complaints } = await enter(world);
  await context.addInitScript(() => {
    const refuse = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    Object.defineProperty(window, 'localStorage', { get: refuse });
    Object.defineProperty(window, 'sessionStorage', { get: refuse });
  });
  const page = await context.newPage();
  await page.goto(`${stub.origin}/app/`);
  await page.getByRole('button', { name: 'Not now' }).click();
  await page.getByText('was running when').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Theme: as the system' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).waitFor();
  await page.goto(`${stub.origin}/app/new`);
  await page.getByRole('textbox', { name: 'Name' }).fill('draft');
  await page.getByRole('button', { name: /^Create/ }).click();
  await page.getByRole('heading', { name: /draft/ }).waitFor();
  expect(complaints).toEqual([]);
});
