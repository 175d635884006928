/** The built page in a real browser, under the strict CSP, against a stub of the API. */
import { expect, test } from 'vitest';
import { aPort, aRunning, createWorld } from './stub-world.ts';
import { visits } from './visits.ts';

const enter = visits();

test('each workspace says its state in words and offers what makes sense now', async () => {
  const world = createWorld();
  world.add('notes', { ...aRunning, startedAt: new Date(Date.now() - 3_600_000).toISOString() });
  world.add('draft');
  world.add('broken', {
    status: 'error',
    error: { code: 'ide_not_ready', message: 'The editor did not answer.', action: 'start', fix: 'Retry.' },
  });
  const { page, stub, complaints } = await enter(world);

  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  await row('notes').getByText('Running for 1 h').waitFor();
  const openLink = row('notes').getByRole('link', { name: 'Open notes' });
  expect(await openLink.getAttribute('href')).toBe(`${stub.origin}/workspace/notes/`);
  await row('draft')
    .getByText(/^Stopped just now, .* on request, its files stay/)
    .waitFor();
  await row('draft').getByRole('button', { name: 'Start' }).waitFor();
  await row('broken')
    .getByText(/^Could not start just now, .*: the editor did not answer\.$/)
    .waitFor();
  await row('broken').getByRole('button', { name: 'Retry' }).waitFor();
  expect(complaints).toEqual([]);
});

test('a new workspace is watched step by step and ends in its editor', async () => {
  const world = createWorld();
  const { typical } = world.host;
  world.host = { ...world.host, typical: { createMs: null, startMs: null, stopMs: null, steps: {} } };
  const { page, complaints } = await enter(world);
  await page.getByRole('heading', { name: 'Your first machine is one click away' }).waitFor();
  world.host = { ...world.host, typical };
  await page.keyboard.press('n');
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('Web App');
  await page.getByText('Use lower-case letters').waitFor();
  await name.fill('web-app');
  await page.getByText('Free.', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Create' }).click();

  await page.getByRole('heading', { name: 'Creating web-app' }).waitFor();
  await page.getByText('usually about 1.4 s').waitFor();
  const [job] = world.jobs.values();
  if (!job) throw new Error('nothing was created');
  world.step(job.id, 'ensureInstance', 'running');
  await page.getByRole('listitem').filter({ hasText: 'Make the machine: running' }).waitFor();
  world.step(job.id, 'ensureInstance', 'succeeded');
  await page.getByRole('listitem').filter({ hasText: 'Make the machine: done' }).waitFor();
  await page.getByRole('listitem').filter({ hasText: 'Start VS Code: waiting' }).waitFor();
  world.finish(job.id);
  await page.waitForURL('**/workspace/web-app/');

  await page.goBack();
  await page.getByRole('heading', { name: 'web-app' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/app/workspaces/web-app');
  expect(complaints).toEqual([]);
});

test('a failed creation says why and what to do, and Retry goes on', async () => {
  const world = createWorld();
  const { page } = await enter(world, '/new?name=web-app');
  await page.getByRole('button', { name: 'Create' }).click();
  const first = [...world.jobs.values()].at(-1);
  if (!first) throw new Error('nothing was created');
  await page.getByRole('heading', { name: 'Creating web-app' }).waitFor();
  world.finish(first.id, { code: 'disk_full', message: 'The disk has 0 MiB left.', fix: 'Free some space.' });
  const refusal = page.getByRole('main').getByRole('alert');
  await refusal.getByText('The disk has 0 MiB left.').waitFor();
  await refusal.getByText('Free some space.').waitFor();
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByRole('heading', { name: 'Creating web-app' }).waitFor();
  const second = [...world.jobs.values()].at(-1);
  expect(second?.id).not.toBe(first.id);
});

test('deleting takes the typed name, by keyboard alone', async () => {
  const world = createWorld();
  world.add('notes', aRunning);
  const { page } = await enter(world);
  const more = page.getByRole('button', { name: 'More for notes' });
  await more.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Details' }).waitFor();
  // The focus follows a key with the next frame.
  const focusedDelete = page.getByRole('menuitem', { name: 'Delete' }).and(page.locator(':focus'));
  await page.keyboard.press('End');
  await focusedDelete.waitFor();
  await page.keyboard.press('Enter');
  const field = page.getByRole('textbox', { name: 'Type notes to confirm' });
  await field.waitFor();
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);

  await page.keyboard.type('note');
  await page.keyboard.press('Enter');
  expect(world.jobs.size).toBe(0);
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
  expect(await more.evaluate((element) => element === document.activeElement)).toBe(true);

  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Details' }).waitFor();
  await page.keyboard.press('ArrowUp');
  await focusedDelete.waitFor();
  await page.keyboard.press('Enter');
  await field.waitFor();
  await page.keyboard.type('notes');
  await page.keyboard.press('Enter');
  await page.getByText('Deleting, cannot be undone').waitFor();
  const [job] = world.jobs.values();
  world.finish(job?.id ?? '');
  await page.getByRole('heading', { name: 'No workspace is left' }).waitFor();
  await page.getByText('A new one is ready in about 1.4 s on this host.').waitFor();
  await page.getByRole('link', { name: 'New workspace' }).waitFor();
});

test('a start that does not fit is offered as one click, followed through both jobs', async () => {
  const world = createWorld();
  world.host = { ...world.host, capacity: { ...world.host.capacity, budgetMiB: 6_144 } };
  world.add('notes', aRunning);
  world.add('thesis');
  const { page } = await enter(world);
  await page.getByRole('button', { name: 'Start thesis' }).click();
  await page.getByRole('heading', { name: 'thesis needs 2 GiB more than is free' }).waitFor();
  await page.getByText('It takes 4 GiB; this host has 2 GiB of 6 GiB left.').waitFor();
  await page.getByRole('button', { name: 'Stop notes and start thesis' }).press('Enter');
  await page.getByRole('heading', { name: 'Stopping notes' }).waitFor();
  await expect.poll(() => world.jobs.size).toBe(1);
  world.finish([...world.jobs.keys()].at(-1) ?? '');
  await page.getByRole('heading', { name: 'Starting thesis' }).waitFor();
  await expect.poll(() => world.jobs.size).toBe(2);
  world.finish([...world.jobs.keys()].at(-1) ?? '');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Open thesis' }).waitFor();
  await page.getByRole('button', { name: 'Start notes' }).waitFor();
});

test('ports are registered, refused at their field, and removed', async () => {
  const world = createWorld();
  world.add('notes', { ...aRunning, ports: [aPort('notes', 9229)] });
  const { page } = await enter(world, '/workspaces/notes/ports');
  const port = page.getByRole('textbox', { name: 'Port' });
  await port.fill('8080');
  await page.getByRole('button', { name: 'Add port' }).click();
  await page.getByText("8080 is the editor's own").waitFor();
  await port.fill('5432');
  await page.getByRole('button', { name: 'Add port' }).click();
  await page.getByText('Not this one, says the server.').waitFor();
  expect(await port.getAttribute('aria-invalid')).toBe('true');
  await port.fill('3000');
  await page.getByRole('textbox', { name: 'Label' }).fill('web');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Open port 3000' }).waitFor();
  await page.getByRole('button', { name: 'Remove port 9229' }).click();
  await page.getByRole('link', { name: 'Open port 9229' }).waitFor({ state: 'detached' });
});

test('what ran when Tidepool ended is started again with one click', async () => {
  const world = createWorld();
  world.add('notes', { stopReason: 'shutdown' });
  world.add('thesis', { stopReason: 'shutdown' });
  const { page } = await enter(world);
  await page.getByText('2 workspaces were running when Tidepool last ended').waitFor();
  await page.getByRole('button', { name: 'Start them again' }).click();
  await page.getByRole('link', { name: 'Watch notes' }).waitFor();
  await page.getByRole('link', { name: 'Watch thesis' }).waitFor();
});

test('what ran when the host was restarted is offered alike', async () => {
  const world = createWorld();
  world.add('notes', { stopReason: 'host_restarted' });
  const { page } = await enter(world);
  await page.getByText('1 workspace was running when the host was restarted').waitFor();
  await page.getByText(/^Stopped just now, .* when the host was restarted$/).waitFor();
  await page.getByRole('button', { name: 'Start it again' }).click();
  await page.getByRole('link', { name: 'Watch notes' }).waitFor();
});

test('a workspace that is not there is said so, and logs and host read plainly', async () => {
  const world = createWorld();
  world.print(world.add('notes', aRunning).id, 'editor listening on 8080');
  const { page, stub, complaints } = await enter(world, '/workspaces/nobody');
  await page.getByRole('heading', { name: 'There is no workspace “nobody”' }).waitFor();
  expect(await page.title()).toContain('There is no workspace');
  await page.goto(`${stub.origin}/app/workspaces/notes/logs`);
  await page.getByText('editor listening on 8080').waitFor();
  await page.goto(`${stub.origin}/app/host`);
  await page.getByText('CPU and memory are counted, but a workspace may take more').waitFor();
  expect(complaints).toEqual([]);
});
