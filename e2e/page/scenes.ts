/**
 * A Tidepool with something to show, made by real requests and real sandboxes, and its views worth a picture: for the
 * pictures of the docs, and for tests that look at the real thing.
 */
import { rm } from 'node:fs/promises';
import type { Accepted } from '@tidepool/core';
import type { Page } from 'playwright-core';
import { openBrowser } from '../browser.ts';
import { holdJob } from '../hold-job.ts';
import { serveProject } from '../inside.ts';
import { finished, startTidepool, type Tidepool, until } from '../tidepool.ts';

export interface Scene {
  /** A file's name, too. */
  readonly name: string;
  /** Below `/app`. */
  readonly path: string;
  /** What has to be so before the page is opened. @returns what takes it back */
  prepare?(tidepool: Tidepool): Promise<() => Promise<void> | void>;
  /** Brings the page into the state, and waits until it is. */
  open(page: Page): Promise<unknown>;
}

/** Small enough that a start finds no room, as on a laptop on a busy day. */
const budgetMiB = 10_240;

export async function startShowcase(env: Readonly<Record<string, string>> = {}): Promise<Tidepool> {
  const tidepool = await startTidepool({
    env: { TIDEPOOL_MEMORY_MIB: String(budgetMiB), TIDEPOOL_USAGE_SECONDS: '1', ...env },
  });
  try {
    await fill(tidepool);
    return tidepool;
  } catch (error) {
    await tidepool.dispose();
    throw error;
  }
}

/** Names, sizes and ports as somebody may have them; one whose disk was lost; one that does not fit beside the others. */
async function fill(tidepool: Tidepool): Promise<void> {
  for (const [name, gib] of [
    ['api-server', 1],
    ['notes', 2],
    ['web-shop', 3],
  ] as const)
    await create(tidepool, name, gib);
  for (const [name, gib] of [
    ['old-site', 1],
    ['thesis', 2],
    ['data-lab', 1],
  ] as const) {
    await create(tidepool, name, gib);
    await ended(tidepool, await tidepool.api('stopWorkspace', { params: { id: name } }));
  }
  await tidepool.api('updateWorkspace', { params: { id: 'data-lab' }, body: { memoryMiB: 6_144 } });
  for (const [port, label] of [
    [5173, 'web'],
    [9229, 'inspector'],
  ] as const) {
    const { job } = await tidepool.api('addPort', { params: { id: 'web-shop' }, body: { port, label } });
    if (job) await finished(tidepool, { job });
  }
  await serveProject(tidepool, 'web-shop', 5173);
  await visitEditors(tidepool, ['api-server', 'web-shop']);

  const { id } = await tidepool.api('getWorkspace', { params: { id: 'thesis' } });
  await rm(`${tidepool.home}/sandboxes/${id}`, { recursive: true, force: true });
  await finished(tidepool, await tidepool.api('startWorkspace', { params: { id } }));
  await until('what is measured', async () => {
    const { ports, usage } = await tidepool.api('getWorkspace', { params: { id: 'web-shop' } });
    return usage !== null && ports.some(({ listening }) => listening);
  });
}

/** So that they were used: one after the other. */
async function visitEditors(tidepool: Tidepool, names: readonly string[]): Promise<void> {
  const { page, close } = await openBrowser(tidepool);
  try {
    for (const name of names) {
      const lastUse = async () => (await tidepool.api('getWorkspace', { params: { id: name } })).lastAccessedAt;
      await page.goto(`${tidepool.appOrigin}/app/`);
      await page.goto(`${tidepool.workspaceOrigin}/workspace/${name}/`);
      await until(`${name} to be known as used`, async () => (await lastUse()) !== null, 120);
    }
  } finally {
    await close();
  }
}

async function create(tidepool: Tidepool, name: string, gib: number): Promise<void> {
  await ended(tidepool, await tidepool.api('createWorkspace', { body: { name, memoryMiB: gib * 1024 } }));
}

async function ended(tidepool: Tidepool, accepted: Accepted): Promise<void> {
  const { kind, status, workspaceName, error } = await finished(tidepool, accepted);
  if (status !== 'succeeded') throw new Error(`${kind} ${workspaceName}: ${error?.message}`);
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name }).first().waitFor();

export const scenes: readonly Scene[] = [
  {
    name: 'creating',
    path: '/workspaces/scratch/watch',
    prepare: midway,
    open: (page) => heading(page, 'Creating scratch'),
  },
  {
    name: 'home',
    path: '/',
    prepare: midway,
    open: async (page) => {
      await page.getByText('Live', { exact: true }).waitFor();
      await page.getByRole('link', { name: 'scratch', exact: true }).waitFor();
    },
  },
  {
    name: 'workspace',
    path: '/workspaces/web-shop',
    open: async (page) => {
      await heading(page, 'Takes now');
      await page.getByText('Port 9229').first().waitFor();
    },
  },
  {
    name: 'capacity',
    path: '/',
    open: async (page) => {
      await page.getByRole('button', { name: 'Start data-lab' }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /start data-lab/ })
        .waitFor();
    },
  },
  { name: 'host', path: '/host', open: (page) => heading(page, 'Host') },
  {
    name: 'error',
    path: '/workspaces/thesis',
    open: (page) => page.getByRole('alert', { name: 'Why thesis failed' }).waitFor(),
  },
];

/** One is created, one stopped, one deleted, and the worker stands still in the middle of it. */
async function midway(tidepool: Tidepool): Promise<() => Promise<void>> {
  const body = { name: 'scratch', memoryMiB: 1024 };
  const held = await holdJob(tidepool, 'ensureIde', () => tidepool.api('createWorkspace', { body }));
  if (held === null) throw new Error('the creation was over before it could be held');
  const asked = [
    await held.beside(() => tidepool.api('stopWorkspace', { params: { id: 'api-server' } })),
    await held.beside(() => tidepool.api('deleteWorkspace', { params: { id: 'old-site' } })),
  ];
  return async () => {
    held.release();
    for (const accepted of [held.accepted, ...asked]) await finished(tidepool, accepted);
    await finished(tidepool, await tidepool.api('deleteWorkspace', { params: { id: 'scratch' } }));
    await ended(tidepool, await tidepool.api('startWorkspace', { params: { id: 'api-server' } }));
  };
}
