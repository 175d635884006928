/** The sections of a workspace's page in a real browser: overview, ports, activity, logs, settings. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Visit } from './browser.ts';
import { aPort, aRunning, createWorld } from './stub-world.ts';
import { visits } from './visits.ts';

const enter = visits();
const size = { cpus: 2, memoryMiB: 4096, diskGiB: 20 };
const aRun = { ...aRunning, inForce: size };

const widthOf = ({ page }: Visit) => page.evaluate(() => document.documentElement.scrollWidth);

test('the overview says what its run was given, what is set for the next, and why it runs', async () => {
  const world = createWorld();
  const { id } = world.add('notes', { memoryMiB: 8192 });
  const { page, stub, complaints } = await enter(world, '/workspaces/notes');
  await page.getByRole('heading', { name: 'Why it is stopped' }).waitFor();
  await page.getByText('It was stopped on request. Its files stay.').waitFor();
  await page.getByText('It answers once it runs.').waitFor();

  await page.getByRole('button', { name: 'Start' }).click();
  await expect.poll(() => world.jobs.size).toBe(1);
  const [job] = world.jobs.values();
  world.step(job?.id ?? '', 'ensureIde', 'running');
  await page.getByRole('heading', { name: 'Starting notes' }).waitFor();
  world.step(job?.id ?? '', 'ensureIde', 'succeeded');
  world.finish(job?.id ?? '');
  await page.goto(`${stub.origin}/app/workspaces/notes`);
  await page.getByRole('heading', { name: 'Why it runs' }).waitFor();
  await page.getByText('You started it just now').waitFor();
  await page.getByRole('listitem').filter({ hasText: 'Start VS Code: done' }).first().waitFor();

  world.change(id, { memoryMiB: 16_384 });
  world.measure(id, { cpus: 0.5, memoryMiB: 4096, diskMiB: 2048 });
  await page.getByText('4 GiB of 8 GiB').waitFor();
  await page.getByText('Set to 16 GiB of memory.').waitFor();
  world.measure(id, { cpus: 0.5, memoryMiB: 4096, diskMiB: 2048 }, { lastAccessedAt: new Date().toISOString() });
  await page.getByText('in use now').waitFor();
  expect(complaints).toEqual([]);
});

test('a workspace that could not be read is asked for again', async () => {
  const world = createWorld();
  world.add('notes');
  const { page, context } = await enter(world, '/');
  const answer = { type: 'about:blank', title: 'Failed', status: 500, code: 'internal', detail: 'It failed.' };
  const body = JSON.stringify({ ...answer, fields: [], fix: '', requestId: 'req_01k3v9c2' });
  const failing = '**/api/workspaces/notes';
  await context.route(failing, (route) =>
    route.fulfill({ status: 500, contentType: 'application/problem+json', body }),
  );
  await page.goto(page.url().replace(/\/$/, '/workspaces/notes'));
  await page.getByText('“notes” could not be read').waitFor();
  await context.unroute(failing);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'notes' }).waitFor();
});

test('a repository that was not cloned says why, and is tried again', async () => {
  const world = createWorld();
  const error = { code: 'source_host_not_found', message: 'It was not found.', fix: 'Check the address.' };
  const source = { git: 'https://git.example.org/team/notes.git', ref: 'main', status: 'failed', error } as const;
  const { id } = world.add('notes', { source });
  const { page } = await enter(world, '/workspaces/notes', 360);
  const link = page.getByRole('link', { name: 'git.example.org/team/notes.git' });
  expect(await link.getAttribute('href')).toBe(source.git);
  await page.getByText('Check the address.').waitFor();
  const again = page.getByRole('button', { name: 'Try again' });
  expect(await again.getAttribute('aria-disabled')).toBe('true');

  world.change(id, aRun);
  await expect.poll(() => again.getAttribute('aria-disabled')).toBeNull();
  await again.focus();
  await page.keyboard.press('Enter');
  await page.getByText('It is being cloned now.').waitFor();
  world.finish([...world.jobs.keys()].at(-1) ?? '');
  await page.getByText('Cloned into the project folder').waitFor();
});

test('a port is registered by keyboard alone, says whether something listens, and is removed', async () => {
  const world = createWorld();
  const { id } = world.add('notes', aRun);
  const entered = await enter(world, '/workspaces/notes/ports', 360);
  const { page, complaints } = entered;
  await page.getByText('None yet. Start a web server').waitFor();
  const field = page.getByRole('textbox', { name: 'Port' });
  await field.focus();
  await page.keyboard.type('808');
  expect(await field.getAttribute('aria-invalid')).not.toBe('true');
  await page.keyboard.type('0');
  await page.getByText("8080 is the editor's own").waitFor();
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await field.fill('3000');
  await page.keyboard.press('Tab');
  await page.keyboard.type('web');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.getByRole('radio', { name: 'Kept' }).and(page.locator(':checked')).waitFor();
  await page.getByText('/workspace/notes/port/3000/').first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Open port 3000' }).waitFor();
  await page.getByText('1 of 5.').waitFor();
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);

  world.measure(id, { cpus: 0, memoryMiB: 300, diskMiB: null }, { listening: [] });
  await page.getByText('Nothing listens on this port yet').waitFor();
  world.measure(id, { cpus: 0, memoryMiB: 300, diskMiB: null }, { listening: [3000] });
  await page.getByText('Something answers').waitFor();
  expect(await widthOf(entered)).toBe(360);

  await page.getByRole('button', { name: 'Remove port 3000' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('None yet. Start a web server').waitFor();
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(complaints).toEqual([]);
});

test('what was typed into the form of a port outlives a reload; five are the most', async () => {
  const world = createWorld();
  const { id } = world.add('notes', aRun);
  const { page } = await enter(world, '/workspaces/notes/ports');
  await page.getByRole('textbox', { name: 'Port' }).fill('5173');
  await page.reload();
  expect(await page.getByRole('textbox', { name: 'Port' }).inputValue()).toBe('5173');
  const ports = [3000, 3001, 3002, 3003, 3004].map((port) => aPort('notes', port));
  world.change(id, { ports });
  await page.getByText('5 of 5.').waitFor();
  const add = page.getByRole('button', { name: 'Add port' });
  expect(await add.getAttribute('aria-disabled')).toBe('true');
  await page.getByText('5 are registered already. Remove one first.').waitFor({ state: 'attached' });
});

test('activity tells a job once, with its steps below, and reads on as one goes down', async () => {
  const world = createWorld();
  const { id } = world.add('notes', aRun);
  for (let number = 0; number < 130; number += 1) world.change(id, {}, 'workspace.changed', `Change ${number}`);
  const { page, complaints } = await enter(world, '/workspaces/notes/activity');
  await page.getByText('Change 129').waitFor();
  expect(await page.getByText('Change 0', { exact: true }).count()).toBe(0);
  await page.mouse.wheel(0, 20_000);
  await page.getByText('Change 0', { exact: true }).waitFor();
  await page.getByText('This is all that is kept.').waitFor();

  await page.evaluate(() => scrollTo(0, 0));
  const workspace = world.workspaces.get(id);
  if (!workspace) throw new Error('it is there');
  const { job } = world.accept(workspace, 'stop', 'stopping');
  const stop = page.getByRole('listitem').filter({ hasText: 'stop requested' });
  await stop.getByText('by you').waitFor();
  world.step(job.id, 'stopInstance', 'running');
  await stop.getByText('End its programs: running').waitFor();
  world.step(job.id, 'stopInstance', 'succeeded');
  world.finish(job.id);
  const done = page.getByRole('listitem').filter({ hasText: 'stop done' });
  await done.first().waitFor();
  await done.getByText('1 step', { exact: true }).waitFor();
  expect(await page.getByText('stop requested').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('what happens on top does not move what one reads', async () => {
  const world = createWorld();
  const { id } = world.add('notes', aRun);
  for (let number = 0; number < 60; number += 1) world.change(id, {}, 'workspace.changed', `Change ${number}`);
  const { page } = await enter(world, '/workspaces/notes/activity');
  const read = page.getByText('Change 10', { exact: true });
  await read.waitFor();
  await read.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  // The browser notes where one reads when it has drawn that.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const top = () => read.evaluate((element) => Math.round(element.getBoundingClientRect().top));
  const before = await top();
  for (let number = 60; number < 65; number += 1) world.change(id, {}, 'workspace.changed', `Change ${number}`);
  await page.getByText('Change 64', { exact: true }).waitFor({ state: 'attached' });
  await expect.poll(async () => Math.abs((await top()) - before)).toBeLessThanOrEqual(1);
});

test('the log stays at its end while one is there, and elsewhere counts what came', async () => {
  const world = createWorld();
  const { id } = world.add('notes', aRun);
  world.print(id, ...Array.from({ length: 3_000 }, (_, number) => `line ${number}`));
  const { page, complaints } = await enter(world, '/workspaces/notes/logs');
  const view = page.getByRole('log');
  await view.getByText('line 2999', { exact: true }).waitFor();
  world.print(id, 'one more');
  await view.getByText('one more').waitFor();
  // Thousands are there, and only those in view are drawn.
  expect(await view.locator('.log-line').count()).toBeLessThan(150);

  await view.evaluate((element) => element.scrollBy(0, -3_000));
  await page.getByRole('button', { name: 'To the end' }).waitFor();
  const first = await view.locator('.log-line').first().textContent();
  world.print(id, 'unseen a', 'unseen b');
  const end = page.getByRole('button', { name: '2 new lines' });
  await end.waitFor();
  expect(await view.locator('.log-line').first().textContent()).toBe(first);
  await end.click();
  await view.getByText('unseen b').waitFor();
  await end.waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Pause' }).click();
  world.print(id, 'while paused');
  await page.getByRole('button', { name: 'Go on +1' }).click();
  await view.getByText('while paused').waitFor();
  expect(complaints).toEqual([]);
});

test('a log is searched by keyboard alone, its levels left out, and found lines gone through', async () => {
  const world = createWorld();
  const { id } = world.add('notes', aRun);
  world.print(id, 'GET /orders 200', { level: 'error', message: 'POST /orders failed' }, 'GET /health 200');
  const entered = await enter(world, '/workspaces/notes/logs', 360);
  const { page } = entered;
  await page.getByText('GET /health 200').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('ORDERS');
  await page.getByText('2 found').waitFor();
  expect(await page.locator('mark').allTextContents()).toEqual(['orders', 'orders']);
  await page.keyboard.press('Enter');
  await page.getByText('2 of 2').waitFor();
  await page.keyboard.press('Shift+Enter');
  await page.getByText('1 of 2').waitFor();
  await page.getByRole('combobox', { name: 'Levels' }).selectOption('Errors');
  await page.getByText('1 of 1').or(page.getByText('1 found')).waitFor();
  expect(await page.getByText('GET /health 200').count()).toBe(0);
  expect(await widthOf(entered)).toBe(360);
});

test('a log that is cut off says so, goes on by itself, and repeats nothing', async () => {
  const world = createWorld();
  const { id } = world.add('notes', aRun);
  world.print(id, 'before one', 'before two');
  const { page, stub } = await enter(world, '/workspaces/notes/logs');
  await page.getByText('before two').waitFor();
  await page.getByText('Live. New lines').waitFor();
  await stub.down();
  await page.getByText('Cut off, trying again by itself.').waitFor();
  world.print(id, 'meanwhile');
  await stub.up();
  await page.getByText('meanwhile').waitFor({ timeout: 30_000 });
  await page.getByText('Live. New lines').waitFor();
  expect(await page.getByRole('log').locator('.log-message').allTextContents()).toEqual([
    'before one',
    'before two',
    'meanwhile',
  ]);
});

test('the whole log is downloaded under a name that says whose and when', async () => {
  const world = createWorld();
  const { id } = world.add('notes', aRun);
  world.print(id, ...Array.from({ length: 1_500 }, (_, number) => `line ${number}`));
  const { page, complaints } = await enter(world, '/workspaces/notes/logs');
  await page.getByText('line 1499', { exact: true }).waitFor();
  const begun = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the log' }).click();
  const download = await begun;
  expect(download.suggestedFilename()).toMatch(/^notes-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.log$/);
  const text = await readFile(await download.path(), 'utf8');
  expect(text.split('\n')).toHaveLength(1_501);
  expect(text).toContain('info  instance line 0\n');
  expect(complaints).toEqual([]);
});

test('an empty log says what will come', async () => {
  const world = createWorld();
  world.add('notes');
  const { page } = await enter(world, '/workspaces/notes/logs');
  await page.getByText('Nothing has been written yet.').waitFor();
});

test('a size is saved for the next start, which can be now; the name says why it is fixed', async () => {
  const world = createWorld();
  const { id } = world.add('notes', aRun);
  const entered = await enter(world, '/workspaces/notes/settings', 360);
  const { page, complaints } = entered;
  await page.getByText('Fixed: it is part of every address').waitFor();
  await page.getByText('What you save applies at the next start.').waitFor();
  await page.getByRole('spinbutton', { name: 'Memory, GiB' }).fill('8');
  await page.keyboard.press('Enter');
  await page.getByText('Set to 8 GiB of memory: applies at the next start.').waitFor();
  await page.getByText('It runs with 2 CPUs, 4 GiB of memory').waitFor();
  expect(await widthOf(entered)).toBe(360);
  await page.getByRole('button', { name: 'Restart now' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => world.jobs.size).toBe(1);
  world.finish([...world.jobs.keys()].at(-1) ?? '');
  await page.getByText('What you save applies at the next start.').waitFor();
  expect(world.workspaces.get(id)?.inForce?.memoryMiB).toBe(8192);
  expect(complaints).toEqual([]);
});

test('deleting says what is lost, begins at the name, and leads home', async () => {
  const world = createWorld();
  const usage = { cpus: 0.1, memoryMiB: 300, diskMiB: 3277, at: new Date().toISOString() };
  world.add('notes', { ...aRun, usage, ports: [aPort('notes', 3000)] });
  const { page } = await enter(world, '/workspaces/notes/settings');
  await page.getByRole('button', { name: 'Delete…' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Delete notes' });
  await dialog.getByText('3.2 GiB in use').waitFor();
  await dialog.getByText('1 port and its address: 3000').waitFor();
  const field = dialog.getByRole('textbox', { name: 'Type notes to confirm' });
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.type('notes');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/app\/$/);
});

test('what was typed for one workspace is not offered for the next', async () => {
  const world = createWorld();
  world.add('notes', aRun);
  world.add('thesis', aRun);
  const { page } = await enter(world, '/workspaces/notes/settings');
  await page.getByRole('spinbutton', { name: 'Memory, GiB' }).fill('8');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to or do' }).fill('settings of thesis');
  await page.getByRole('option', { name: 'Settings of thesis' }).click();
  await page.waitForURL(/thesis\/settings$/);
  const memory = page.getByRole('spinbutton', { name: 'Memory, GiB' });
  expect(await memory.inputValue()).toBe('4');
  await page.goBack();
  await page.waitForURL(/notes\/settings$/);
  expect(await memory.inputValue()).toBe('8');
});

test('a repository that nobody came to clone is offered to be cloned now', async () => {
  const world = createWorld();
  const source = { git: 'https://git.example.org/team/notes.git', ref: null, status: 'waiting', error: null } as const;
  world.add('notes', { ...aRun, startedAt: new Date().toISOString(), source });
  const { page } = await enter(world, '/workspaces/notes');
  await page.getByText(/^without its repository, just started/).waitFor();
  await page.getByText('It was never cloned, because what was to do it was cut off.').waitFor();
  await page.getByRole('button', { name: 'Clone now' }).click();
  await page.getByText('It is being cloned now.').waitFor();
  const [job] = world.jobs.values();
  world.finish(job?.id ?? '');
  await page.getByText('Cloned into the project folder, once.').waitFor();
});

test('of a job that was cancelled nothing turns any more', async () => {
  const world = createWorld();
  const { job } = world.accept(world.add('notes', aRun), 'restart', 'starting');
  world.step(job.id, 'stopInstance', 'succeeded');
  world.step(job.id, 'ensureIde', 'running');
  const { page } = await enter(world, '/workspaces/notes/watch');
  await page.getByRole('listitem').filter({ hasText: 'Start VS Code: running' }).waitFor();
  await page.getByText('Live').waitFor();
  world.cancel(job.id);
  const step = page.getByRole('listitem').filter({ hasText: 'Start VS Code' });
  await step.getByText('interrupted').waitFor();
  const turning = step.locator('[data-status="starting"]');
  expect(await turning.count()).toBe(0);
  await page.getByRole('link', { name: 'Details' }).click();
  await page.getByRole('link', { name: 'Activity', exact: true }).click();
  await page.getByText('2 steps').click();
  await step.getByText('interrupted').waitFor();
  expect(await turning.count()).toBe(0);
});
