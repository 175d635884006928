/** Two people, or one at two desks: both see the same, and whoever comes second is told what the first one did. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { openBrowser, type SignedIn } from '../browser.ts';
import { holdJob } from '../hold-job.ts';
import { createRunning, startTidepool, type Tidepool, until } from '../tidepool.ts';

let tidepool: Tidepool;
let first: SignedIn;
let second: SignedIn;
beforeAll(async () => {
  tidepool = await startTidepool();
  first = await openBrowser(tidepool);
  second = await openBrowser(tidepool);
  await createRunning(tidepool, 'notes');
});
afterAll(async () => {
  await first?.close();
  await second?.close();
  await tidepool?.dispose();
});

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

async function bothAt(path: string): Promise<[Page, Page]> {
  const pages: [Page, Page] = [first.page, second.page];
  await Promise.all(
    pages.map(async (page) => {
      await page.goto(`${tidepool.appOrigin}/app${path}`);
      await page.getByText('Live', { exact: true }).waitFor();
    }),
  );
  return pages;
}

test('what one does is seen by the other as it happens: stopped, started, created, deleted', async () => {
  const [one, other] = await bothAt('/');
  await one.getByRole('button', { name: 'More for notes' }).click();
  await one.getByRole('menuitem', { name: 'Stop' }).click();
  await row(other, 'notes').getByRole('button', { name: 'Start notes' }).click();
  await row(one, 'notes').getByRole('link', { name: 'Open notes' }).waitFor();

  await one.getByRole('link', { name: 'New workspace' }).click();
  await one.getByRole('textbox', { name: 'Name' }).fill('thesis');
  await one.getByRole('button', { name: 'Create' }).click();
  await row(other, 'thesis').getByRole('link', { name: 'Open thesis' }).waitFor({ timeout: 60_000 });

  await tidepool.api('deleteWorkspace', { params: { id: 'thesis' } });
  await row(other, 'thesis').waitFor({ state: 'detached' });
});

test('a click that comes second says what the first one did, not that something failed', async () => {
  const [one, other] = await bothAt('/workspaces/notes');
  const stop = { name: 'Stop', exact: true } as const;
  const arrival = Promise.withResolvers<void>();
  const turn = Promise.withResolvers<void>();
  // The second one clicks before it can know, and its request arrives after the first one's.
  await other.route('**/api/workspaces/*/stop', async (route) => {
    arrival.resolve();
    await turn.promise;
    await route.continue();
  });
  await other.getByRole('button', stop).click();
  await arrival.promise;
  await one.getByRole('button', stop).click();
  await until('it to be stopped', async () => (await notes()).status === 'stopped');
  turn.resolve();
  const refusal = other.getByRole('alert').filter({ hasText: 'notes was not stopped' });
  await refusal.getByText(/It was stopped \d+(\.\d)? s ago/).waitFor();
  for (const page of [one, other]) await page.getByRole('button', { name: 'Start', exact: true }).waitFor();
});

test('a click beside a change under way names that change', async () => {
  const [, other] = await bothAt('/workspaces/notes');
  const arrival = Promise.withResolvers<void>();
  const turn = Promise.withResolvers<void>();
  await other.route('**/api/workspaces/*/start', async (route) => {
    arrival.resolve();
    await turn.promise;
    await route.continue();
  });
  await other.getByRole('button', { name: 'Start', exact: true }).click();
  await arrival.promise;
  const held = await holdJob(tidepool, 'ensureIde', () => tidepool.api('startWorkspace', { params: { id: 'notes' } }));
  if (held === null) throw new Error('the start was over before it could be held');
  try {
    turn.resolve();
    const refusal = other.getByRole('alert').filter({ hasText: 'notes was not started' });
    await refusal.getByText(/Starting it, asked for \d+(\.\d)? s ago, is under way/).waitFor();
  } finally {
    held.release();
  }
  await until('it to run', async () => (await notes()).status === 'running');
});

function notes() {
  return tidepool.api('getWorkspace', { params: { id: 'notes' } });
}
