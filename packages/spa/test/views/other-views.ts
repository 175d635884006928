/** Every view but the list, in every state. */
import { heading, seen, type View } from './view.ts';
import { beingCreated, busyHost, eachState, failure, full, ofStatus } from './worlds.ts';

const statuses = ['running', 'stopped', 'error', 'creating', 'deleting'] as const;

export const otherViews: readonly View[] = [
  { name: 'new', path: '/new', open: ({ page }) => page.getByRole('textbox', { name: 'Name' }).waitFor() },
  {
    name: 'new, with mistakes',
    path: '/new',
    prepare: full,
    open: async ({ page }) => {
      await page.getByRole('textbox', { name: 'Git' }).fill('https://me:secret@git.example.org/x.git');
      await page.getByRole('textbox', { name: 'Name' }).fill('Web App');
      await seen(page, 'Use lower-case letters');
    },
  },
  {
    name: 'creating',
    path: '/workspaces/web-app/watch',
    prepare: (world) => void beingCreated(world),
    open: ({ page }) => heading(page, 'Creating web-app'),
  },
  {
    name: 'creating, failed',
    path: '/workspaces/web-app/watch',
    prepare: (world) => void beingCreated(world),
    open: async ({ page, world }) => {
      await heading(page, 'Creating web-app');
      const [job] = world.jobs.values();
      world.finish(job?.id ?? '', failure);
      await page.getByRole('button', { name: 'Retry' }).waitFor();
    },
  },
  {
    name: 'creating, ready but not cloned, with its log',
    path: '/workspaces/web-app/watch',
    prepare: (world) => void beingCreated(world),
    open: async ({ page, world }) => {
      await heading(page, 'Creating web-app');
      const [job] = world.jobs.values();
      const git = 'https://git.example.org/team/web-app.git';
      const error = { code: 'source_not_found', message: 'There is no such repository.', fix: 'Check the address.' };
      world.change(job?.workspaceId ?? '', { source: { git, ref: null, status: 'failed', error } });
      world.print(job?.workspaceId ?? '', 'fatal: repository not found');
      world.finish(job?.id ?? '');
      await page.getByRole('button', { name: 'Try again' }).waitFor();
      await page.getByRole('button', { name: 'Log' }).click();
      await seen(page, 'fatal: repository not found');
    },
  },
  ...statuses.map(
    (status): View => ({
      name: `a workspace, ${status}`,
      path: `/workspaces/${ofStatus[status]}`,
      prepare: eachState,
      open: ({ page }) => heading(page, ofStatus[status]),
    }),
  ),
  {
    name: 'ports',
    path: '/workspaces/notes/ports',
    prepare: eachState,
    open: ({ page }) => page.getByRole('textbox', { name: 'Port' }).waitFor(),
  },
  {
    name: 'ports, with a mistake',
    path: '/workspaces/notes/ports',
    prepare: eachState,
    open: async ({ page }) => {
      await page.getByRole('textbox', { name: 'Port' }).fill('8080');
      await page.getByRole('button', { name: 'Add port' }).click();
      await seen(page, "8080 is the editor's own");
    },
  },
  {
    name: 'activity',
    path: '/workspaces/web-app/activity',
    prepare: (world) => world.finish(beingCreated(world).job.id, failure),
    open: ({ page }) => page.getByRole('main').getByRole('listitem').first().waitFor(),
  },
  {
    name: 'logs, searched',
    path: '/workspaces/notes/logs',
    prepare: eachState,
    open: async ({ page }) => {
      await seen(page, 'listening on 8080');
      await page.getByRole('searchbox').fill('failed');
      await seen(page, '1 found');
    },
  },
  {
    name: 'logs, empty',
    path: '/workspaces/draft/logs',
    prepare: eachState,
    open: ({ page }) => seen(page, 'Nothing has been written yet.'),
  },
  {
    name: 'settings',
    path: '/workspaces/notes/settings',
    prepare: eachState,
    open: ({ page }) => page.getByRole('spinbutton', { name: 'Memory, GiB' }).fill('8'),
  },
  {
    name: 'settings, with a mistake',
    path: '/workspaces/notes/settings',
    prepare: eachState,
    open: ({ page }) => page.getByRole('spinbutton', { name: 'Memory, GiB' }).fill('0'),
  },
  { name: 'host, nothing measured yet', path: '/host', open: ({ page }) => seen(page, 'Nothing measured yet.') },
  {
    name: 'host, after an hour',
    path: '/host',
    prepare: busyHost,
    open: async ({ page }) => {
      await page.getByRole('slider', { name: 'Memory, minute by minute' }).focus();
      await page.getByText('The same as a table').click();
    },
  },
  {
    name: 'new, that does not fit',
    path: '/new',
    prepare: full,
    open: async ({ page }) => {
      await page.getByRole('spinbutton', { name: 'Memory, GiB' }).fill('5');
      await seen(page, 'unused the longest');
    },
  },
  {
    name: 'settings, set for the next start',
    path: '/workspaces/notes/settings',
    prepare: eachState,
    open: ({ page }) => page.getByRole('button', { name: 'Restart now' }).waitFor(),
  },
  {
    name: 'a workspace that was deleted while one looked at it',
    path: '/workspaces/draft',
    prepare: eachState,
    open: async ({ page, world }) => {
      await heading(page, 'draft');
      world.remove([...world.workspaces.values()].find(({ name }) => name === 'draft')?.id ?? '');
      await heading(page, 'draft is deleted');
    },
  },
  {
    name: 'no such workspace',
    path: '/workspaces/nobody',
    open: ({ page }) => heading(page, 'There is no workspace “nobody”'),
  },
  { name: 'no such page', path: '/nowhere', open: ({ page }) => page.getByRole('heading').first().waitFor() },
  {
    name: 'a view that broke',
    path: '/new',
    prepare: eachState,
    open: async ({ page }) => {
      await seen(page, 'Live');
      await page.evaluate(() => {
        Intl.RelativeTimeFormat.prototype.format = () => {
          throw new TypeError('the clock fell off the wall');
        };
      });
      await page.getByRole('link', { name: 'Workspaces', exact: true }).click();
      await heading(page, 'This view broke. Your workspaces did not.');
    },
  },
  {
    name: 'the page that broke',
    path: '/',
    open: async ({ page, stub }) => {
      await seen(page, 'Live');
      await page.evaluate(() => {
        const fail = () => {
          throw new TypeError('no clock');
        };
        Intl.DateTimeFormat.prototype.formatToParts = fail;
        Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', { get: () => fail });
      });
      await stub.down();
      await heading(page, 'This page broke. Your workspaces did not.');
    },
  },
];
