/** «Stop X and start Y», in a real browser against the stub of the API. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { doubleClick } from './double-click.ts';
import { aRunning, createWorld, type World } from './stub-world.ts';
import { visits } from './visits.ts';

const enter = visits();

/** 12 GiB, of which 3 are free: `notes` (4, unused for two hours), `small` (1), `busy` (4, in use now). */
function fullHost(): World {
  const world = createWorld();
  world.host = { ...world.host, capacity: { ...world.host.capacity, budgetMiB: 12_288 } };
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const sized = (memoryMiB: number) => ({ memoryMiB, inForce: { cpus: 2, memoryMiB, diskGiB: 20 } });
  world.add('notes', { ...aRunning, ...sized(4096), lastAccessedAt: ago(120) });
  world.add('small', { ...aRunning, ...sized(1024), lastAccessedAt: ago(40) });
  world.add('busy', { ...aRunning, ...sized(4096), lastAccessedAt: ago(0.2) });
  return world;
}

const lastJob = (world: World) => {
  const job = [...world.jobs.values()].at(-1);
  if (!job) throw new Error('nothing was asked for');
  return job;
};
const idOf = (world: World, name: string) =>
  [...world.workspaces.values()].find((each) => each.name === name)?.id ?? '';
const asks = (world: World) => [...world.jobs.values()].map(({ kind, workspaceName }) => `${kind} ${workspaceName}`);
const reachesJobs = (world: World, ...expected: string[]) => expect.poll(() => asks(world)).toEqual(expected);
const start = (page: Page, name: string) => page.getByRole('button', { name: `Start ${name}` }).click();

test.each([1280, 360])(
  'by keyboard alone, at %i px: another one is chosen, and both jobs are followed',
  async (width) => {
    const world = fullHost();
    world.add('thesis', { memoryMiB: 6144 });
    const { page, complaints } = await enter(world, '/', width);
    await page.getByRole('button', { name: 'Start thesis' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'thesis needs 3 GiB more than is free' }).waitFor();
    await page.getByText('gives back 4 GiB').first().waitFor();
    const notes = page.getByRole('radio', { name: /^notes/ });
    await expect
      .poll(() => notes.evaluate((radio) => radio === document.activeElement), { timeout: 10_000 })
      .toBe(true);
    expect(await notes.isChecked()).toBe(true);

    await page.keyboard.press('ArrowDown');
    expect(await page.getByRole('radio', { name: /^small/ }).isChecked()).toBe(true);
    await page.keyboard.press('Enter');
    // Too little: nothing is stopped for nothing.
    expect(world.jobs.size).toBe(0);
    await page.keyboard.press('ArrowDown');
    await page.getByRole('radio', { name: /^busy.*In use now/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Stopping busy' }).waitFor();
    await reachesJobs(world, 'stop busy');
    world.step(lastJob(world).id, 'stopInstance', 'running');
    await page.getByRole('listitem').filter({ hasText: 'End its programs: running' }).last().waitFor();
    world.finish(lastJob(world).id);
    await page.getByRole('heading', { name: 'Starting thesis' }).waitFor();
    await page.getByText('Stopped busy').waitFor();
    await reachesJobs(world, 'stop busy', 'start thesis');
    world.finish(lastJob(world).id);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Open thesis' }).waitFor();
    expect(complaints).toEqual([]);
  },
);

test('Ctrl-Enter takes an offer up, and does not send the form behind it again', async () => {
  const world = fullHost();
  const { page } = await enter(world, '/new');
  await page.getByRole('textbox', { name: 'Name' }).fill('thesis');
  await page.getByRole('spinbutton', { name: 'Memory, GiB' }).fill('6');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'thesis needs 3 GiB more than is free' }).waitFor();
  const notes = page.getByRole('radio', { name: /^notes/ });
  await expect.poll(() => notes.evaluate((radio) => radio === document.activeElement), { timeout: 10_000 }).toBe(true);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'Stopping notes' }).waitFor();
  await reachesJobs(world, 'stop notes');
});

test('whoever double-clicks an offer sees it followed through all the same', async () => {
  const world = fullHost();
  world.add('thesis', { memoryMiB: 6144 });
  const { page } = await enter(world);
  await start(page, 'thesis');
  const progress = page.getByRole('heading', { name: 'Stopping notes' });
  await doubleClick(page, page.getByRole('button', { name: 'Stop notes and start thesis' }), progress);
  await reachesJobs(world, 'stop notes');
  expect(await progress.isVisible()).toBe(true);
});

test('an offer that was closed and went on leaves a form for the next workspace, without the old refusal', async () => {
  const world = fullHost();
  const { page } = await enter(world, '/new');
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('thesis');
  await page.getByRole('spinbutton', { name: 'Memory, GiB' }).fill('6');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('button', { name: 'Stop notes and create thesis' }).click();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await reachesJobs(world, 'stop notes');
  world.finish(lastJob(world).id);
  await reachesJobs(world, 'stop notes', 'create thesis');
  await expect.poll(() => name.inputValue()).not.toBe('thesis');
  expect(await page.getByText('capacity_exhausted').count()).toBe(0);
});

test('two long names fit into the offer, on its button too', async () => {
  const world = fullHost();
  const [long, longer] = ['a-name-of-forty-characters-is-allowed-xy', 'another-one-of-forty-characters-is-as-ok'];
  world.add(long, { ...aRunning, memoryMiB: 3072, inForce: { cpus: 2, memoryMiB: 3072, diskGiB: 20 } });
  world.add(longer, { memoryMiB: 3072 });
  const { page } = await enter(world);
  await start(page, longer);
  await page.getByRole('radio', { name: new RegExp(`^${long}`) }).check();
  await page.getByRole('button', { name: `Stop ${long} and start ${longer}` }).waitFor();
  const overhang = await page.getByRole('dialog').evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
  expect(overhang).toBe(0);
});

test('where one is not enough, several are proposed, and stopped one after the other', async () => {
  const world = fullHost();
  world.add('huge', { memoryMiB: 10_240 });
  const { page } = await enter(world);
  await start(page, 'huge');
  await page.getByText('Stop some that you can spare').waitFor();
  expect(await page.getByRole('checkbox', { name: /^notes/ }).isChecked()).toBe(true);
  expect(await page.getByRole('checkbox', { name: /^busy/ }).isChecked()).toBe(true);
  expect(await page.getByRole('checkbox', { name: /^small/ }).isChecked()).toBe(false);
  await page.getByRole('button', { name: 'Stop 2 and start huge' }).click();
  await reachesJobs(world, 'stop notes');
  world.finish(lastJob(world).id);
  await reachesJobs(world, 'stop notes', 'stop busy');
  world.finish(lastJob(world).id);
  await reachesJobs(world, 'stop notes', 'stop busy', 'start huge');
});

test('room that comes by itself needs nothing stopped: the open offer says so', async () => {
  const world = fullHost();
  world.add('thesis', { memoryMiB: 6144 });
  const { page } = await enter(world);
  await start(page, 'thesis');
  await page.getByRole('heading', { name: 'thesis needs 3 GiB more' }).waitFor();
  world.change(idOf(world, 'busy'), { status: 'stopped', inForce: null }, 'workspace.settled');
  await page.getByRole('heading', { name: 'thesis fits now' }).waitFor();
  await page.getByRole('button', { name: 'Start thesis' }).last().click();
  await reachesJobs(world, 'start thesis');
});

test('a place that somebody else takes becomes the next offer, and nothing more is stopped unasked', async () => {
  const world = fullHost();
  world.add('thesis', { memoryMiB: 6144 });
  const { page } = await enter(world);
  await start(page, 'thesis');
  await page.getByRole('button', { name: 'Stop notes and start thesis' }).click();
  await reachesJobs(world, 'stop notes');
  world.add('greedy', { ...aRunning, memoryMiB: 4096, inForce: { cpus: 2, memoryMiB: 4096, diskGiB: 20 } });
  world.finish(lastJob(world).id);
  await page.getByText('something else took the memory meanwhile').waitFor();
  await page.getByRole('button', { name: /^Stop \w+ and start thesis/ }).waitFor();
  expect(asks(world)).toEqual(['stop notes']);
});

test('a stop that fails is said with the offer, and starts nothing', async () => {
  const world = fullHost();
  world.add('thesis', { memoryMiB: 6144 });
  const { page } = await enter(world);
  await start(page, 'thesis');
  await page.getByRole('button', { name: 'Stop notes and start thesis' }).click();
  await reachesJobs(world, 'stop notes');
  world.finish(lastJob(world).id, { code: 'instance_failed', message: 'It did not end within 60 s.', fix: 'Retry.' });
  await page.getByRole('alert').getByText('It did not end within 60 s.').waitFor();
  await page.getByRole('button', { name: 'Not now' }).waitFor();
  expect(asks(world)).toEqual(['stop notes']);
});

test('closed, left for another page, reloaded, and with a server that dies in between: it goes on', async () => {
  const world = fullHost();
  world.add('thesis', { memoryMiB: 6144 });
  const { page, stub } = await enter(world);
  await start(page, 'thesis');
  await page.getByRole('button', { name: 'Stop notes and start thesis' }).click();
  await reachesJobs(world, 'stop notes');
  await page.getByRole('heading', { name: 'Stopping notes' }).waitFor();
  await page.keyboard.press('Escape');
  const card = page.getByRole('region', { name: 'What is under way' });
  await card.getByText('Stopping notes').waitFor();
  await page.getByRole('link', { name: 'Host', exact: true }).click();
  await card.getByText('Stopping notes').waitFor();
  await page.reload();
  await card.getByText('Stopping notes').waitFor();

  await stub.down();
  await page.getByText('Not connected since').waitFor();
  world.finish(lastJob(world).id);
  await stub.up();
  await expect.poll(() => asks(world), { timeout: 30_000 }).toEqual(['stop notes', 'start thesis']);
  await card.getByText('Starting thesis').waitFor();
  world.finish(lastJob(world).id);
  await card.waitFor({ state: 'detached' });
  await page.getByText('thesis is running').waitFor();
});

test('what was given up is not started', async () => {
  const world = fullHost();
  world.add('thesis', { memoryMiB: 6144 });
  const { page } = await enter(world);
  await start(page, 'thesis');
  await page.getByRole('button', { name: 'Stop notes and start thesis' }).click();
  await reachesJobs(world, 'stop notes');
  await page.getByRole('button', { name: 'Do not start thesis' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  world.finish(lastJob(world).id);
  await page.getByRole('button', { name: 'Start notes' }).waitFor();
  expect(asks(world)).toEqual(['stop notes']);
});

test('a new workspace that does not fit says so before, is offered, and ends in its editor', async () => {
  const world = fullHost();
  const { page, stub } = await enter(world, '/new?name=thesis');
  await page.getByText('Does not fit now: 3 GiB are free.').waitFor();
  await page.getByText('notes', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('button', { name: 'Stop notes and create thesis' }).click();
  await reachesJobs(world, 'stop notes');
  world.finish(lastJob(world).id);
  await page.getByRole('heading', { name: 'Creating thesis' }).waitFor();
  world.finish(lastJob(world).id);
  await page.waitForURL('**/workspace/thesis/');
  await page.goto(`${stub.origin}/app/new`);
  await page.getByText('Free.', { exact: true }).waitFor();
  expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).not.toBe('thesis');
});
