/** «New workspace» and the steps of a start, in a real browser against the stub of the API. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Visit } from './browser.ts';
import { aRunning, createWorld, type World } from './stub-world.ts';
import { visits } from './visits.ts';

const enter = visits('/new');

const name = (page: Page) => page.getByRole('textbox', { name: 'Name' });
const free = (page: Page) => page.getByText('Free.', { exact: true });
const git = (page: Page) => page.getByRole('textbox', { name: 'Start from a Git repository' });
const icon = (page: Page) => page.locator('link[rel="icon"]').getAttribute('href');
const jobOf = (world: World) => {
  const job = [...world.jobs.values()].at(-1);
  if (!job) throw new Error('nothing was asked for');
  return job;
};
const askedOnce = (visited: Visit, request: string) => visited.stub.asked.filter((each) => each === request).length;

test.each([1280, 360])('by keyboard alone, at %i px: a name that is offered, a size, and the way in', async (width) => {
  const world = createWorld();
  const { page, complaints } = await enter(world, '/new', width);
  await free(page).waitFor();
  const suggested = await name(page).inputValue();
  expect(await name(page).evaluate((field) => field === document.activeElement)).toBe(true);

  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press('Tab', 'Tab', 'Tab', 'Tab');
  expect(await page.getByRole('radio', { name: 'Usual' }).evaluate((radio) => radio === document.activeElement)).toBe(
    true,
  );
  await press('ArrowRight');
  expect(await page.getByRole('spinbutton', { name: 'Memory, GiB' }).inputValue()).toBe('8');
  await page.getByText('Takes 8 GiB of the 30 GiB').waitFor();
  await press('Control+Enter');
  await page.getByRole('heading', { name: `Creating ${suggested}` }).waitFor();
  expect([...world.workspaces.values()]).toMatchObject([{ name: suggested, memoryMiB: 8192, cpus: 4 }]);

  world.finish(jobOf(world).id);
  await page.waitForURL(`**/workspace/${suggested}/`);
  expect(complaints).toEqual([]);
});

test('a name is looked up at the server while it is typed, and one that is taken leads to its workspace', async () => {
  const world = createWorld();
  world.add('notes', aRunning);
  const { page } = await enter(world);
  const searches: (string | null)[] = [];
  const failed: string[] = [];
  page.on('request', (request) => searches.push(new URL(request.url()).searchParams.get('search')));
  page.on('response', (response) => {
    if (!response.ok()) failed.push(response.url());
  });
  await name(page).fill('notes');
  await page.getByText('Taken by').waitFor();
  await page.getByText('which is running').waitFor();
  await name(page).pressSequentially('-2');
  await free(page).waitFor();
  expect(searches).toContain('notes-2');
  // Not each letter was asked about, and that nobody has a name is no failure.
  expect(searches).not.toContain('notes-');
  expect(failed).toEqual([]);
  // Somebody else takes it meanwhile.
  world.change(world.add('notes-2').id, {});
  await page.getByText('Taken by').waitFor();
  await page.keyboard.press('Enter');
  expect(await name(page).evaluate((field) => field === document.activeElement)).toBe(true);
  expect(world.jobs.size).toBe(0);
  await page.getByRole('link', { name: 'notes-2' }).click();
  await page.getByRole('heading', { name: 'notes-2' }).waitFor();
});

test('what the server refuses stands at its field, until it is changed', async () => {
  const world = createWorld();
  const { page } = await enter(world);
  await name(page).fill('notes');
  await free(page).waitFor();
  // Taken between the look and the click, and no event tells of it.
  world.add('notes');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('This name is in use. Choose another.').or(page.getByText('Taken by')).first().waitFor();
  expect(await name(page).getAttribute('aria-invalid')).toBe('true');
  await name(page).fill('notes-too');
  await free(page).waitFor();
});

test('what is typed survives a reload, and sending it forgets it', async () => {
  const world = createWorld();
  const { page, stub } = await enter(world, '/new?name=web-app');
  await page.getByRole('spinbutton', { name: 'Memory, GiB' }).fill('6');
  await git(page).fill('https://example.org/team/project.git');
  await name(page).fill('thesis');
  await page.reload();
  expect(await name(page).inputValue()).toBe('thesis');
  expect(await page.getByRole('spinbutton', { name: 'Memory, GiB' }).inputValue()).toBe('6');
  expect(await git(page).inputValue()).toBe('https://example.org/team/project.git');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Creating thesis' }).waitFor();
  await page.goto(`${stub.origin}/app/new`);
  await free(page).waitFor();
  expect(await name(page).inputValue()).not.toBe('thesis');
  expect(await git(page).inputValue()).toBe('');
});

test('an answer that was lost makes no second workspace: the same form is the same request', async () => {
  const world = createWorld();
  const visited = await enter(world);
  const { page, stub } = visited;
  await name(page).fill('thesis');
  await free(page).waitFor();
  let lost = 0;
  await page.route('**/api/workspaces', async (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return route.fallback();
    lost += 1;
    await route.fetch();
    await route.abort();
    // The page is closed before it can ask again.
    await page.goto('about:blank');
  });
  await page.getByRole('button', { name: 'Create' }).click();
  await page.waitForURL('about:blank');
  expect(world.workspaces.size).toBe(1);
  await page.goto(`${stub.origin}/app/new`);
  expect(await name(page).inputValue()).toBe('thesis');
  await free(page).waitFor();
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Creating thesis' }).waitFor();
  expect(askedOnce(visited, 'POST /api/workspaces')).toBe(2);
  expect(world.workspaces.size).toBe(1);
  expect(world.jobs.size).toBe(1);
});

test('a second click makes no second workspace', async () => {
  const world = createWorld();
  const visited = await enter(world);
  await free(visited.page).waitFor();
  await visited.page.getByRole('button', { name: 'Create' }).dblclick();
  await visited.page.getByRole('heading', { name: 'Creating' }).waitFor();
  expect(askedOnce(visited, 'POST /api/workspaces')).toBe(1);
});

test('a server that dies while the form is filled in costs nothing that was typed', async () => {
  const world = createWorld();
  const { page, stub } = await enter(world);
  await free(page).waitFor();
  await stub.down();
  await page.getByText('Not connected since').waitFor();
  await name(page).fill('thesis');
  await page.getByText('Could not be checked now.').or(page.getByText('Checking.')).first().waitFor();
  const create = page.getByRole('button', { name: 'Create' });
  expect(await create.getAttribute('aria-disabled')).toBe('true');
  await stub.up();
  await page
    .getByRole('button', { name: 'Try now' })
    .click({ timeout: 5_000 })
    .catch(() => {});
  await page.getByText('Not connected since').waitFor({ state: 'detached' });
  await free(page).waitFor({ timeout: 30_000 });
  await create.click();
  await page.getByRole('heading', { name: 'Creating thesis' }).waitFor();
});

test('a repository is asked for; credentials in its address are refused with the reason, and not kept', async () => {
  const world = createWorld();
  const { page } = await enter(world);
  await git(page).fill('https://me:secret-token@example.org/team/project.git');
  await page.getByText('No user name, password or token in the address').waitFor();
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))).not.toContain('secret');
  await git(page).fill('https://example.org/team/project.git');
  // Nobody typed a name: the repository's is offered.
  await expect.poll(() => name(page).inputValue()).toBe('project');
  await page.getByText('Cloned once into the empty project folder').waitFor();
  await page.getByRole('textbox', { name: 'Branch or tag' }).fill('next');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Creating project' }).waitFor();
  await page.getByRole('listitem').filter({ hasText: 'Clone its repository: waiting' }).waitFor();
  expect([...world.workspaces.values()][0]?.source).toMatchObject({
    git: 'https://example.org/team/project.git',
    ref: 'next',
  });
});

test('a repository that could not be cloned leaves a workspace to use, and another try', async () => {
  const world = createWorld();
  const { page } = await enter(world);
  await git(page).fill('https://example.org/team/project.git');
  await expect.poll(() => name(page).inputValue()).toBe('project');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Creating project' }).waitFor();
  const { id, workspaceId } = jobOf(world);
  const source = { git: 'https://example.org/team/project.git', ref: null };
  world.change(workspaceId, {
    source: {
      ...source,
      status: 'failed',
      error: { code: 'source_not_found', message: 'There is no such repository.', fix: 'Check the address.' },
    },
  });
  world.finish(id);
  await page.getByText('There is no such repository.').waitFor();
  await page.getByText('It runs without its repository').waitFor();
  await page.getByRole('link', { name: 'Open', exact: true }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/app/workspaces/project/watch');

  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Cloning the repository of project' }).waitFor();
  world.finish(jobOf(world).id);
  await page.waitForURL('**/workspace/project/');
});

test('each step has its time, the present one against its usual, and the log is one click away', async () => {
  const world = createWorld();
  const { page, complaints } = await enter(world, '/new?name=thesis');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Creating thesis' }).waitFor();
  const { id, workspaceId } = jobOf(world);
  await page.getByText('usually about 1.4 s').waitFor();
  world.step(id, 'ensureInstance', 'running');
  const step = (words: string) => page.getByRole('listitem').filter({ hasText: words });
  await step('Make the machine: running').getByText('of ~0.2 s').waitFor();
  world.step(id, 'ensureInstance', 'succeeded');
  await step('Make the machine: done')
    .getByText(/^\d+\.\d\d s$/)
    .waitFor();
  world.step(id, 'ensureIde', 'running');
  await step('Start VS Code: running').getByText('of ~0.6 s').waitFor();
  await page.getByRole('status').filter({ hasText: 'Step 4 of 5: Start VS Code' }).waitFor({ state: 'attached' });

  const log = page.getByRole('button', { name: 'Log' });
  await log.click();
  expect(await log.getAttribute('aria-expanded')).toBe('true');
  world.print(workspaceId, 'the editor reads its extensions');
  await page.getByText('the editor reads its extensions').waitFor();
  expect(complaints).toEqual([]);
});

test('in the background the tab tells, and whoever comes back is not taken away', async () => {
  const world = createWorld();
  const { page, context } = await enter(world, '/new?name=thesis');
  const usual = await icon(page);
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Creating thesis' }).waitFor();
  expect(await page.title()).toContain('Creating thesis');
  await expect.poll(() => icon(page)).toContain('icon-working');
  await hide(page);
  world.finish(jobOf(world).id);
  await expect.poll(() => page.title()).toContain('thesis is ready');
  await expect.poll(() => icon(page)).toContain('icon-ready');
  await show(page);
  // Something else about the host changes: it must not lead in late.
  world.change(world.add('other').id, {});
  const openLink = page.getByRole('link', { name: 'Open', exact: true });
  await openLink.waitFor();
  expect(new URL(page.url()).pathname).toBe('/app/workspaces/thesis/watch');
  const [editor] = await Promise.all([context.waitForEvent('page'), openLink.click()]);
  expect(new URL(editor.url()).pathname).toBe('/workspace/thesis/');
  await page.getByRole('link', { name: 'Workspaces', exact: true }).click();
  await expect.poll(() => icon(page)).toBe(usual);
});

test('whoever goes to another page meanwhile stays there, and is told', async () => {
  const world = createWorld();
  const { page } = await enter(world, '/new?name=thesis');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Creating thesis' }).waitFor();
  await page.getByRole('link', { name: 'Host', exact: true }).click();
  await page.getByRole('heading', { name: 'Host', exact: true }).waitFor();
  world.finish(jobOf(world).id);
  await page.getByText('thesis is ready').waitFor();
  expect(new URL(page.url()).pathname).toBe('/app/host');
});

test('a failed start says why, shows the log and can be tried again; a restart is watched alike', async () => {
  const world = createWorld();
  const notes = world.add('notes', aRunning);
  const { page } = await enter(world, '/workspaces/notes');
  await page.getByRole('button', { name: 'More for notes' }).click();
  await page.getByRole('menuitem', { name: 'Restart' }).click();
  await page.getByRole('link', { name: 'Watch' }).first().click();
  await page.getByRole('heading', { name: 'Restarting notes' }).waitFor();
  world.finish(jobOf(world).id, { code: 'ide_not_ready', message: 'The editor did not answer.', fix: 'Retry.' });
  await page.getByRole('heading', { name: 'Failed: notes' }).waitFor();
  await page.getByRole('alert').getByText('The editor did not answer.').waitFor();
  expect(await page.title()).toContain('Could not restart notes');
  await expect.poll(() => icon(page)).toContain('icon-failed');
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByRole('heading', { name: 'Restarting notes' }).waitFor();
  world.finish(jobOf(world).id);
  await page.getByRole('heading', { name: 'Ready: notes' }).waitFor();
  expect(world.workspaces.get(notes.id)?.status).toBe('running');
});

test('a server that dies in the middle of a start is away for a while, and then it goes on', async () => {
  const world = createWorld();
  const { page, stub } = await enter(world, '/new?name=thesis');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Creating thesis' }).waitFor();
  await stub.down();
  await page.getByText('Not connected since').waitFor();
  const { id } = jobOf(world);
  world.step(id, 'ensureInstance', 'running');
  world.step(id, 'ensureInstance', 'succeeded');
  await stub.up();
  await page.getByRole('listitem').filter({ hasText: 'Make the machine: done' }).waitFor({ timeout: 30_000 });
  world.finish(id);
  await page.waitForURL('**/workspace/thesis/');
});

async function hide(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
}

async function show(page: Page): Promise<void> {
  await page.evaluate(() => {
    Reflect.deleteProperty(document, 'visibilityState');
    document.dispatchEvent(new Event('visibilitychange'));
  });
}
