/** The page of the host in a real browser: its last hour, jobs at work and failed ones, disks, findings. */
import { expect, test } from 'vitest';
import { aRunning, createWorld, type World } from './stub-world.ts';
import { visits } from './visits.ts';

const enter = visits('/host');

function sample(world: World, minutesAgo: number, allottedMiB: number): void {
  const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  world.samples.push({ at, running: 2, allottedMiB, memoryMiB: 2048, cpus: 1.5 });
}

function failed(world: World, name: string) {
  const { job } = world.accept(world.add(name), 'start', 'starting');
  world.finish(job.id, { code: 'disk_full', message: 'The disk is full.', fix: 'Free some space.' });
  return job;
}

test('the last hour is a picture with words, minute by minute by keyboard, and a table', async () => {
  const world = createWorld();
  for (let minute = 50; minute > 0; minute -= 1) sample(world, minute, minute > 20 ? 8192 : 4096);
  const entered = await enter(world, '/host', 360);
  const { page, complaints } = entered;
  await page
    .getByRole('img', { name: /^Memory over the last hour\. Taken by workspaces: between 0 MiB and 8 GiB of 30 GiB/ })
    .waitFor();
  await page.getByRole('img', { name: /^CPU over the last hour: between 1\.5 and 1\.5 of 8 cores/ }).waitFor();
  const reader = page.getByRole('slider', { name: 'Memory, minute by minute' });
  await reader.focus();
  await page.keyboard.press('Home');
  expect(await reader.getAttribute('aria-valuetext')).toContain('8 GiB taken, 2 GiB used');
  await page.keyboard.press('ArrowRight');
  await page.locator('.chart-words').getByText('8 GiB taken').waitFor();
  await page.getByText('The same as a table').click();
  expect(await page.getByRole('table').getByRole('row').count()).toBeGreaterThan(9);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(complaints).toEqual([]);
});

test('before anything is measured that is said; measurements ask for the hour once a minute at most', async () => {
  const world = createWorld();
  const { id } = world.add('notes', aRunning);
  const { page, stub } = await enter(world);
  await page.getByText('Nothing measured yet.').waitFor();
  await page.getByText('Live').first().waitFor();
  // The stream's first word has everything read once more.
  world.measure(id, { cpus: 0.5, memoryMiB: 1024, diskMiB: null });
  await page.getByText('1 used').waitFor();
  await page.waitForTimeout(300);
  const hours = () => stub.asked.filter((path) => path === 'GET /api/host/history').length;
  const before = hours();
  for (let time = 0; time < 5; time += 1) world.measure(id, { cpus: 0.5, memoryMiB: 2048, diskMiB: null });
  await page.getByText('2 used').waitFor();
  expect(hours()).toBe(before);
});

test('jobs at work are shown with their step as it goes on, and lead to it', async () => {
  const world = createWorld();
  const { job } = world.accept(world.add('notes'), 'start', 'starting');
  const { page } = await enter(world);
  const row = page.getByRole('listitem').filter({ hasText: 'Starting notes' });
  await row.getByText('Waits for its turn').waitFor();
  await page.getByText('Live').first().waitFor();
  world.step(job.id, 'ensureAddress', 'running');
  await row.getByText('Step 3 of 5: Get an address').waitFor();
  expect(await row.getByRole('link', { name: 'notes' }).getAttribute('href')).toBe('/app/workspaces/notes/watch');
  world.finish(job.id);
  await page.getByText('None. What you ask for is shown here').waitFor();
});

test('a failed job is retried where its workspace still fails by it; of others it is said what became of them', async () => {
  const world = createWorld();
  failed(world, 'broken');
  const { workspaceId } = failed(world, 'mended');
  world.change(workspaceId, { ...aRunning, error: null });
  const { workspaceId: goneId } = failed(world, 'deleted');
  world.workspaces.delete(goneId);
  const { page } = await enter(world, '/host', 360);
  const row = (name: string) => page.getByRole('listitem').filter({ hasText: `Could not start ${name}` });
  await row('mended').getByText('It runs now').waitFor();
  await row('deleted').getByText('Deleted since').waitFor();
  expect(await page.getByRole('button', { name: /^Retry/ }).count()).toBe(1);
  await row('broken').getByText('Free some space.').waitFor();
  await row('broken').getByRole('button', { name: 'Retry broken' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('listitem').filter({ hasText: 'Starting broken' }).waitFor();
  await row('broken').getByText('It is starting again').waitFor();
});

test('disks, parts and what was found are said in words, with commands to copy', async () => {
  const world = createWorld();
  const { observed } = world.host;
  if (!observed) throw new Error('the host was looked at');
  const storage = { name: 'tidepool', totalMiB: 102_400, freeMiB: 51_200 };
  world.host = { ...world.host, observed: { ...observed, storage }, worker: { alive: false } };
  const { page } = await enter(world);
  await page.getByText('50 GiB of 100 GiB free').waitFor();
  await page.getByText('118 GiB of 240 GiB free').waitFor();
  await page.getByText('does not answer: changes wait for it').waitFor();
  await page.getByText('ulimit -n 65536').waitFor();
  await page.getByText('Caddy 2.6.2, answers').waitFor();
});

test('rows of images begin where the panel does on a phone', async () => {
  const world = createWorld();
  const { page } = await enter(world, '/host', 390);
  const left = (text: string) =>
    page
      .getByText(text, { exact: true })
      .first()
      .evaluate((element) => Math.round(element.getBoundingClientRect().left));
  await page.getByText('3f9c2a').waitFor();
  expect(await left('workspace')).toBe(await left('Images'));
});

test('a failed clone is tried again, or says why it cannot be', async () => {
  const world = createWorld();
  const source = { git: 'https://git.example.org/a.git', ref: null, status: 'waiting', error: null } as const;
  const error = { code: 'source_unreachable', message: 'It did not answer.', fix: 'Try again later.' };
  for (const name of ['notes', 'draft']) {
    const { job } = world.accept(world.add(name, { ...aRunning, source }), 'source', 'running');
    world.finish(job.id, error);
  }
  const draft = [...world.workspaces.values()].find(({ name }) => name === 'draft');
  world.change(draft?.id ?? '', { status: 'stopped' });
  const { page } = await enter(world);
  const ofDraft = page.getByRole('button', { name: 'Try again to clone the repository of draft' });
  await expect.poll(() => ofDraft.getAttribute('aria-disabled')).toBe('true');
  await ofDraft.focus();
  await page.getByText('It is stopped. Its repository can be cloned while it is running.').first().waitFor();
  await page.getByText('Live').first().waitFor();
  await page.getByRole('button', { name: 'Try again to clone the repository of notes' }).click();
  await page.getByRole('listitem').filter({ hasText: 'Cloning the repository of notes' }).waitFor();
  const again = [...world.jobs.values()].at(-1);
  world.finish(again?.id ?? '');
  await page.getByText('Its repository is cloned now').waitFor();
});

test('what can be done about a failed job stays when everything is read anew', async () => {
  const world = createWorld();
  failed(world, 'notes');
  const { page, stub } = await enter(world);
  const retry = page.getByRole('button', { name: 'Retry notes' });
  await retry.waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  // More happened, while it was away, than can be told again.
  await stub.down();
  await page.getByText('Not connected', { exact: true }).waitFor();
  world.events.length = 0;
  await stub.up();
  const asked = stub.asked.length;
  await page.getByText('Live', { exact: true }).waitFor();
  await expect.poll(() => stub.asked.slice(asked).filter((each) => each === 'GET /api/host/history').length).toBe(1);
  await page.waitForTimeout(500);
  expect(await retry.count()).toBe(1);
});
