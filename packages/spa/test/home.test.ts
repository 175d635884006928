/** The list of workspaces: what its rows say, its search, its keys, how it follows events, and a thousand of them. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { watchShifts } from './shifts.ts';
import { aPort, aRunning, createWorld, type World } from './stub-world.ts';
import { visits } from './visits.ts';

const enter = visits();

const minute = 60_000;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const rowOf = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
const names = (page: Page) => page.locator('tbody .name').allTextContents();
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search workspaces' });
/** The name of the workspace whose row has the focus. */
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('tr')?.querySelector('.name')?.textContent ?? null);

function manyWorkspaces(count: number): World {
  const world = createWorld();
  for (let number = 0; number < count; number += 1) {
    world.add(
      `workspace-${String(number).padStart(4, '0')}`,
      number % 100 === 0 ? { ...aRunning, memoryMiB: 512 } : {},
    );
  }
  return world;
}

test('a row says image, last use, ports and what is taken now of what its run was given', async () => {
  const world = createWorld();
  const port = (number: number, listening: boolean) => ({ ...aPort('notes', number), listening });
  const notes = world.add('notes', {
    ...aRunning,
    image: 'node-24@77aa',
    startedAt: ago(120 * minute),
    lastAccessedAt: ago(3 * minute),
    memoryMiB: 8_192,
    inForce: { cpus: 2, memoryMiB: 4_096, diskGiB: 20 },
    ports: [port(3000, true), port(9229, false)],
  });
  world.add('draft', { lastAccessedAt: null });
  const { page, complaints } = await enter(world, '/', 1440);
  const row = rowOf(page, 'notes');
  await row.getByText('Running for 2 h').waitFor();
  await row.locator('.cell-image').getByText('node-24').waitFor();
  await row.getByText(/^3 min\.? ago/).waitFor();
  await rowOf(page, 'draft').getByText('never', { exact: true }).waitFor();
  const idle = row.getByRole('link', { name: '9229 of notes. Nothing listens on it yet' });
  expect(await idle.getAttribute('title')).toBe('9229. Nothing listens on this port yet');
  expect(await row.getByRole('link', { name: '3000 of notes, opens in a new tab' }).count()).toBe(1);

  await page.getByText('Live').waitFor();
  world.measure(
    notes.id,
    { cpus: 0.5, memoryMiB: 1_024, diskMiB: null },
    { listening: [9229], lastAccessedAt: new Date().toISOString() },
  );
  await row.getByText('0.50 of 2').waitFor();
  await row.getByText('1 of 4 GiB').waitFor();
  await row.locator('.cell-last').getByText('in use now').waitFor();
  await row.getByRole('link', { name: '9229 of notes, opens in a new tab' }).waitFor();
  await row.getByRole('link', { name: '3000 of notes. Nothing listens on it yet' }).waitFor();
  expect(complaints).toEqual([]);
});

test('what is under way shows its step and how long it usually takes', async () => {
  const world = createWorld();
  world.host = { ...world.host, typical: { ...world.host.typical, startMs: 600_000 } };
  const { job } = world.accept(world.add('notes'), 'start', 'starting');
  world.step(job.id, 'ensureIde', 'running');
  const { page } = await enter(world);
  const row = rowOf(page, 'notes');
  await row.getByText('Start VS Code').waitFor();
  await row.getByText(/of ~10 min/).waitFor();
  await row.getByRole('link', { name: 'Watch notes' }).waitFor();
});

test('five ports take two lines where rows keep their height; the rest is one click away', async () => {
  const world = createWorld();
  const ports = [3000, 3001, 5432, 6379, 9000].map((port) => aPort('notes', port, `a label of ${port}`));
  world.add('notes', { ...aRunning, ports });
  const { page } = await enter(world, '/', 1440);
  const row = rowOf(page, 'notes');
  await row.getByRole('link', { name: 'All ports of notes' }).waitFor();
  expect(await row.locator('a.port:visible').count()).toBe(4);
  expect((await row.boundingBox())?.height).toBe(54);
  await page.setViewportSize({ width: 360, height: 800 });
  await row.getByRole('link', { name: '9000 a label of 9000' }).waitFor();
});

test('a search is asked of the server, stands in the address, and «back» undoes it', async () => {
  const world = createWorld();
  for (const name of ['api-gateway', 'api-docs', 'notes']) world.add(name);
  world.add('web', { ...aRunning, ports: [aPort('web', 3000, 'api')] });
  const { page, stub } = await enter(world);
  await rowOf(page, 'notes').waitFor();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(decodeURIComponent(new URL(request.url()).search)));
  await page.keyboard.press('/');
  // However slowly it is typed here, to the page it is in one go.
  await page.clock.pauseAt(Date.now() + 1_000);
  await page.keyboard.type('API');
  expect(await search(page).inputValue()).toBe('API');
  await page.clock.resume();
  await rowOf(page, 'notes').waitFor({ state: 'detached' });
  expect(await names(page)).toEqual(['api-docs', 'api-gateway', 'web']);
  expect(new URL(page.url()).search).toBe('?search=API');
  await page.getByText('3 matches').waitFor();
  expect(requests.some((query) => query.includes('search=API'))).toBe(true);
  expect(requests.some((query) => /search=AP?(&|$)/.test(query))).toBe(false);

  await page.getByRole('button', { name: 'Running 1' }).click();
  await expect.poll(() => names(page)).toEqual(['web']);
  await page.goto(`${stub.origin}/app/?search=API&status=running`);
  await rowOf(page, 'web').waitFor();
  expect(await names(page)).toEqual(['web']);
  expect(await search(page).inputValue()).toBe('API');
  await page.goBack();
  await expect.poll(() => names(page)).toEqual(['api-docs', 'api-gateway', 'web']);
  await page.goBack();
  await expect.poll(() => names(page)).toHaveLength(4);
  expect(await search(page).inputValue()).toBe('');
});

test('a search that finds nothing offers to clear it, or to make what it names', async () => {
  const world = createWorld();
  world.add('notes', aRunning);
  const { page } = await enter(world, '/?search=xyz');
  await page.getByText('No workspace matches “xyz”').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await rowOf(page, 'notes').waitFor();
  await search(page).fill('Not A Name');
  await page.getByText('No workspace matches “Not A Name”').waitFor();
  expect(await page.getByRole('link', { name: /called/ }).count()).toBe(0);
  await search(page).fill('notes');
  await page.getByRole('button', { name: 'Stopped 0' }).click();
  await page.getByText('No workspace that is stopped matches “notes”').waitFor();
  expect(await page.getByRole('link', { name: /called/ }).count()).toBe(0);
  await page.getByRole('button', { name: 'Show 1 other' }).click();
  await rowOf(page, 'notes').waitFor();
  await search(page).fill('xyz');
  await page.getByRole('link', { name: 'New workspace called xyz' }).click();
  await page.waitForURL('**/app/new?name=xyz');
});

test('rows leave a filter with the event, come into it, and counts follow', async () => {
  const world = createWorld();
  const notes = world.add('notes', aRunning);
  const draft = world.add('draft');
  world.add('web', aRunning);
  const { page } = await enter(world, '/?status=running');
  await page.getByText('Live').waitFor();
  await rowOf(page, 'notes').waitFor();
  world.change(notes.id, { status: 'stopped' });
  await rowOf(page, 'notes').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Stopped 2' }).waitFor();
  world.change(draft.id, { ...aRunning });
  await rowOf(page, 'draft').waitFor();
  expect(await names(page)).toEqual(['draft', 'web']);
  await page.getByRole('button', { name: 'Running 2' }).waitFor();
  world.change(world.add('another').id, { ...aRunning });
  await rowOf(page, 'another').waitFor();
  expect(await names(page)).toEqual(['another', 'draft', 'web']);
});

test('the list can be had by last use, newest first', async () => {
  const world = createWorld();
  world.add('alpha', { lastAccessedAt: ago(50 * minute) });
  world.add('beta', { lastAccessedAt: ago(5 * minute) });
  world.add('gamma');
  const { page } = await enter(world, '/', 1440);
  await page.getByRole('button', { name: 'Last used' }).click();
  await expect.poll(() => names(page)).toEqual(['beta', 'alpha', 'gamma']);
  expect(new URL(page.url()).search).toBe('?sort=-lastUsed');
  const head = page.getByRole('columnheader', { name: 'Last used' });
  expect(await head.getAttribute('aria-sort')).toBe('descending');
});

test('what was deleted while nobody could say so is gone after the connection is back', async () => {
  const world = createWorld();
  for (const name of ['notes', 'draft', 'web']) world.add(name, aRunning);
  const { page, stub } = await enter(world);
  await page.getByText('Live').waitFor();
  world.change(world.add('another').id, {});
  await rowOf(page, 'another').waitFor();
  await stub.down();
  await page.getByText('Not connected since').waitFor();
  const draft = [...world.workspaces.values()].find(({ name }) => name === 'draft');
  // Without an event, as after a reset.
  world.workspaces.delete(draft?.id ?? '');
  world.events.length = 0;
  await stub.up();
  await page.getByText('Not connected since').waitFor({ state: 'detached', timeout: 30_000 });
  await rowOf(page, 'draft').waitFor({ state: 'detached' });
  expect(await names(page)).toEqual(['another', 'notes', 'web']);
});

test('of a thousand, the first page is read and the rows in view are drawn; the end is one key away', async () => {
  const { page, complaints } = await enter(manyWorkspaces(1_000));
  const cursors: string[] = [];
  page.on('request', (request) => {
    const cursor = new URL(request.url()).searchParams.get('cursor');
    if (cursor !== null) cursors.push(cursor);
  });
  await rowOf(page, 'workspace-0000').waitFor();
  await page.getByText('Live').waitFor();
  expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe('1001');
  await expect.poll(() => page.locator('tbody[data-placed] tr').count()).toBeGreaterThan(10);
  expect(await page.locator('tbody tr').count()).toBeLessThan(60);
  expect(cursors).toEqual([]);

  await page.keyboard.press('j');
  expect(await focused(page)).toBe('workspace-0000');
  await page.keyboard.press('End');
  await rowOf(page, 'workspace-0999').waitFor();
  await expect.poll(() => focused(page)).toBe('workspace-0999');
  expect(await rowOf(page, 'workspace-0999').getAttribute('aria-rowindex')).toBe('1001');
  expect(await page.locator('tbody tr').count()).toBeLessThan(60);
  await page.keyboard.press('Home');
  await expect.poll(() => focused(page)).toBe('workspace-0000');

  await page.keyboard.press('/');
  await page.keyboard.type('0777');
  await expect.poll(() => names(page), { timeout: 15_000 }).toEqual(['workspace-0777']);
  expect(complaints).toEqual([]);
});

test('while a long list scrolls, the next page is there before it is reached, and the focused row keeps the focus', async () => {
  const { page } = await enter(manyWorkspaces(400));
  await page.locator('tbody[data-placed]').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  expect(await focused(page)).toBe('workspace-0001');
  const isAtEnd = async () => {
    await page.mouse.wheel(0, 900);
    return rowOf(page, 'workspace-0399').isVisible();
  };
  await expect.poll(isAtEnd, { timeout: 30_000, interval: 50 }).toBe(true);
  expect(await focused(page)).toBe('workspace-0001');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => focused(page)).toBe('workspace-0002');
});

test('«back» from a workspace comes to where one was in the list', async () => {
  const { page } = await enter(manyWorkspaces(1_000));
  await page.locator('tbody[data-placed] tr').first().waitFor();
  await page.evaluate(() => scrollTo(0, 20_000));
  await page.getByRole('link', { name: 'workspace-0371', exact: true }).click();
  await page.getByRole('heading', { name: 'workspace-0371' }).waitFor();
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await page.goBack();
  await page.getByRole('link', { name: 'workspace-0371', exact: true }).waitFor();
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(20_000);
});

test('rows of a long list that change their height below 1200 px lie under each other', async () => {
  const world = manyWorkspaces(120);
  world.change([...world.workspaces.keys()][1] ?? '', {
    ports: [3000, 3001, 3002, 3003, 3004].map((port) => aPort('workspace-0001', port, 'a label of some length')),
  });
  const { page } = await enter(world, '/', 360);
  await page.locator('tbody[data-placed]').waitFor();
  const gaps = () =>
    page.locator('tbody tr').evaluateAll((rows) => {
      const boxes = rows.map((row) => row.getBoundingClientRect()).sort((one, other) => one.top - other.top);
      return boxes.slice(1).map((box, index) => Math.round(box.top - (boxes[index]?.bottom ?? 0)));
    });
  await expect.poll(async () => (await gaps()).every((gap) => gap === 0)).toBe(true);
});

test('a row answers to keys: start, stop, copy, its menu, its page', async () => {
  const world = createWorld();
  const notes = world.add('notes');
  world.add('web', aRunning);
  const { page, context } = await enter(world);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await rowOf(page, 'notes').waitFor();
  await page.keyboard.press('j');
  expect(await focused(page)).toBe('notes');
  await page.keyboard.press('Enter');
  await rowOf(page, 'notes').getByText('Starting', { exact: true }).waitFor();
  expect(world.workspaces.get(notes.id)?.status).toBe('starting');
  await page.keyboard.press('s');
  await page.getByText('notes was not started.').waitFor();
  await page.keyboard.press('ArrowDown');
  expect(await focused(page)).toBe('web');
  await page.keyboard.press('c');
  await page.getByText('Address copied').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/workspace\/web\/$/);
  await page.keyboard.press('s');
  await rowOf(page, 'web').getByText('Stopping', { exact: true }).waitFor();
  await page.keyboard.press('.');
  await page.getByRole('menuitem', { name: 'Details' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  expect(await focused(page)).toBe('web');
  await page.keyboard.press('k');
  expect(await focused(page)).toBe('notes');
  await page.keyboard.press('ArrowRight');
  await page.waitForURL('**/workspaces/notes');
});

test('the focus goes on to the next row when its own leaves the list', async () => {
  const world = createWorld();
  const [first] = ['alpha', 'beta', 'gamma'].map((name) => world.add(name));
  const { page } = await enter(world);
  await page.getByText('Live').waitFor();
  await rowOf(page, 'alpha').waitFor();
  await search(page).press('ArrowDown');
  expect(await focused(page)).toBe('alpha');
  world.remove(first?.id ?? '');
  await expect.poll(() => focused(page)).toBe('beta');
});

test('a list that cannot be read says why as the API does, and can be asked for again', async () => {
  const world = createWorld();
  world.add('notes');
  const { page } = await enter(world, '/host');
  const problem = {
    type: 'urn:tidepool:error:internal',
    title: 'Something failed inside Tidepool',
    status: 500,
    code: 'internal',
    detail: 'The database does not answer.',
    fix: 'Look into the log.',
    fields: [],
    requestId: 'req_01k3v9c2',
  };
  const isList = (url: URL) => url.pathname === '/api/workspaces';
  await page.route(isList, (route) =>
    route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  );
  await page.getByRole('link', { name: 'Workspaces', exact: true }).click();
  await page.getByText('The workspaces could not be read').waitFor();
  await page.getByText('The database does not answer.').waitFor();
  await page.getByText('req_01k3v9c2').waitFor();
  await page.unroute(isList);
  await page.getByRole('button', { name: 'Try again' }).click();
  await rowOf(page, 'notes').waitFor();
});

test.each([1440, 900, 360])('nothing moves while the page fills, at %i px', async (width) => {
  const world = manyWorkspaces(40);
  world.add('old', { stopReason: 'shutdown' });
  const { page, stub } = await enter(world, '/host', width);
  const shifted = await watchShifts(page);
  // Each answer at another time, all after the skeleton is on screen.
  await page.route('**/api/**', async (route) => {
    const { pathname, searchParams } = new URL(route.request().url());
    const late = pathname === '/api/host' ? 700 : searchParams.has('stopReason') ? 500 : 300;
    if (pathname !== '/api/events') await new Promise((resolve) => setTimeout(resolve, late));
    await route.continue();
  });
  await page.goto(`${stub.origin}/app/`);
  await page.getByText('were running when').or(page.getByText('was running when')).waitFor();
  await rowOf(page, 'workspace-0000').waitFor();
  await page.getByText('Live').waitFor();
  await page.waitForTimeout(300);
  expect(await shifted()).toBeLessThan(0.02);
});

test.each([360, 390, 768])('all filters are in view at %i px', async (width) => {
  const { page } = await enter(manyWorkspaces(1_000), '/', width);
  const chips = page.getByRole('group', { name: 'Filter by status' }).getByRole('button');
  await chips.first().waitFor();
  for (const chip of await chips.all()) {
    const box = await chip.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    expect(await chip.evaluate((each) => each.scrollWidth - each.clientWidth)).toBeLessThanOrEqual(0);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
});

test('what is stopped or failed says since when, exactly on focus, and another size does not move it', async () => {
  const world = createWorld();
  const draft = world.add('draft', { statusSince: ago(130 * minute), lastAccessedAt: ago(400 * minute) });
  const error = {
    code: 'ide_not_ready',
    message: 'The editor did not answer.',
    action: 'start',
    fix: 'Retry.',
  } as const;
  world.add('broken', { status: 'error', stopReason: null, error, statusSince: ago(5 * minute) });
  const { page } = await enter(world, '/', 1440);
  const since = rowOf(page, 'draft').locator('.why time');
  await rowOf(page, 'broken')
    .getByText(/^Could not start 5 min\.? ago, .*: the editor did not answer\.$/)
    .waitFor();
  await rowOf(page, 'draft')
    .getByText(/^Stopped 2 hr?\.? ago, .* on request, its files stay$/)
    .waitFor();
  await page.getByText('Live').waitFor();
  world.change(draft.id, { memoryMiB: 8_192 });
  await rowOf(page, 'draft').getByText('8 GiB').waitFor();
  expect(await since.getAttribute('datetime')).toBe(draft.statusSince);
  await page.keyboard.press('Tab');
  await since.focus();
  await page
    .locator('.tip')
    .getByText(String(new Date(draft.statusSince).getFullYear()))
    .waitFor();
  // The exact time does not lie on the name, which is above it.
  await rowOf(page, 'draft').getByRole('link', { name: 'draft', exact: true }).click({ timeout: 10_000 });
  await page.getByRole('heading', { name: 'draft', exact: true }).waitFor();
});

test('how many a search found is said on a phone too', async () => {
  const { page } = await enter(manyWorkspaces(12), '/', 360);
  await search(page).fill('0011');
  await page
    .getByRole('status')
    .filter({ hasText: /^1 match$/ })
    .waitFor({ state: 'attached' });
  expect(await page.locator('.found').ariaSnapshot()).toContain('1 match');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});
