/** The list in every state, with all that opens over it. */
import { aRunning } from '../stub-world.ts';
import { heading, seen, type View } from './view.ts';
import { eachState, failure, finishLast, full } from './worlds.ts';

const path = '/';

export const homeViews: readonly View[] = [
  { name: 'home, some in each state', path, prepare: eachState, open: ({ page }) => seen(page, 'broken') },
  {
    name: 'home, empty',
    path,
    prepare: (world) => {
      world.host = { ...world.host, typical: { createMs: null, startMs: null, stopMs: null, steps: {} } };
    },
    open: ({ page }) => heading(page, 'Your first machine is one click away'),
  },
  { name: 'home, empty again', path, open: ({ page }) => heading(page, 'No workspace is left') },
  {
    name: 'home, nothing matches',
    path: '/?search=nowhere',
    prepare: eachState,
    open: ({ page }) => seen(page, 'No workspace matches'),
  },
  {
    name: 'home, after a restart of the host',
    path,
    prepare: (world) => void world.add('notes', { stopReason: 'host_restarted' }),
    open: ({ page }) => seen(page, 'when the host was restarted'),
  },
  {
    name: 'home, a long list',
    path,
    prepare: (world) => {
      const small = { ...aRunning, memoryMiB: 512 };
      for (let index = 0; index < 200; index += 1)
        world.add(`w-${String(index).padStart(3, '0')}`, index % 5 === 0 ? small : {});
    },
    open: ({ page }) => page.getByRole('link', { name: 'w-003', exact: true }).waitFor(),
  },
  {
    name: 'home, still to be read',
    path,
    prepare: eachState,
    open: async ({ page }) => {
      await page.route('**/api/workspaces*', () => undefined);
      await page.reload();
      await page.locator('.skeleton').waitFor();
    },
  },
  {
    name: 'home, that could not be read',
    path,
    open: async ({ page }) => {
      const problem = {
        type: 'about:blank',
        title: 'Failed',
        status: 500,
        code: 'internal',
        detail: 'It does not answer.',
      };
      const body = JSON.stringify({ ...problem, fields: [], fix: 'Look into the log.', requestId: 'req_01k3v9c2' });
      await page.route('**/api/workspaces?*', (route) =>
        route.fulfill({ status: 500, contentType: 'application/problem+json', body }),
      );
      await page.reload();
      await seen(page, 'The workspaces could not be read');
    },
  },
  {
    name: 'home, not connected',
    path,
    prepare: eachState,
    open: async ({ page, stub }) => {
      await seen(page, 'Live');
      await stub.down();
      await seen(page, 'Not connected since');
    },
  },
  {
    name: 'home, the menu of a row',
    path,
    prepare: eachState,
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'More for notes' }).click();
      await page.getByRole('menuitem').first().waitFor();
    },
  },
  {
    name: 'home, deleting',
    path,
    prepare: eachState,
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'More for notes' }).click();
      await page.getByRole('menuitem', { name: /^Delete/ }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('note');
    },
  },
  {
    name: 'home, a refusal',
    path,
    prepare: eachState,
    open: async ({ page, world }) => {
      await page.route('**/api/workspaces/*/start', (route) => {
        const draft = [...world.workspaces.values()].find(({ name }) => name === 'draft');
        if (draft) world.remove(draft.id);
        return route.continue();
      });
      await page.getByRole('button', { name: 'Start draft' }).click();
      await page.getByRole('alert').filter({ hasText: 'draft was not started' }).waitFor();
    },
  },
  {
    name: 'home, a start that does not fit',
    path,
    prepare: full,
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'Start thesis' }).click();
      await heading(page, 'thesis needs 2 GiB more than is free');
    },
  },
  {
    name: 'home, one is stopped so that another starts',
    path,
    prepare: full,
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'Start thesis' }).click();
      await page.getByRole('button', { name: 'Stop notes and start thesis' }).click();
      await heading(page, 'Stopping notes');
    },
  },
  {
    name: 'home, an offer that is followed unseen',
    path,
    prepare: full,
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'Start thesis' }).click();
      await page.getByRole('button', { name: 'Stop notes and start thesis' }).click();
      await page.getByRole('button', { name: 'Close', exact: true }).click();
      await page.getByRole('region', { name: 'What is under way' }).waitFor();
    },
  },
  {
    name: 'home, there was room and it did not start',
    path,
    prepare: full,
    open: async ({ page, world }) => {
      await page.getByRole('button', { name: 'Start thesis' }).click();
      await page.getByRole('button', { name: 'Stop notes and start thesis' }).click();
      await finishLast(world, 'stop');
      await finishLast(world, 'start', failure);
      await heading(page, 'thesis was not started');
    },
  },
  {
    name: 'the palette',
    path,
    prepare: eachState,
    open: async ({ page }) => {
      await seen(page, 'Live');
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Go to or do' }).fill('no');
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    name: 'the list of keys',
    path,
    prepare: eachState,
    open: async ({ page }) => {
      await seen(page, 'Live');
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    },
  },
];
