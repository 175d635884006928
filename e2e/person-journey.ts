/** The first paragraph of what Tidepool promises, in a real browser, whatever Tidepool is made of. */
import type { Status } from '@tidepool/core';
import { expect } from 'vitest';
import { editorReady, type SignedIn, typeInTerminal } from './browser.ts';
import { exec } from './inside.ts';
import { type Tidepool, until } from './tidepool.ts';

/** Create, watch, edit, publish, stop, start, delete: what a person does with the mouse and the keyboard. */
export async function personJourney(tidepool: Tidepool, browser: SignedIn): Promise<void> {
  const { page } = browser;
  const home = `${tidepool.appOrigin}/app/`;

  // Create, and be led into the editor.
  await page.goto(home);
  await page.getByRole('link', { name: 'New workspace' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('first-tide');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.waitForURL(`${tidepool.workspaceOrigin}/workspace/first-tide/**`, { timeout: 120_000 });
  await editorReady(page);
  expect(await page.title()).toContain('project');
  expect(await page.locator('.monaco-dialog-box').count(), 'no dialog stands in the way').toBe(0);

  // Type in the terminal.
  const { id } = await tidepool.api('getWorkspace', { params: { id: 'first-tide' } });
  const holds = async (file: string, text: string) => (await exec(tidepool, id, ['cat', file])).stdout === text;
  await typeInTerminal(page, 'echo high water > notes.txt', () => holds('notes.txt', 'high water\n'));
  await typeInTerminal(page, 'python3 -m http.server --bind 127.0.0.1 3000 &>/dev/null & echo yes > serving', () =>
    holds('serving', 'yes\n'),
  );

  // Register the port, and see the file through it.
  await page.goto(`${home}workspaces/first-tide`);
  await page.getByRole('link', { name: 'Ports' }).click();
  await page.getByRole('textbox', { name: 'Port' }).fill('3000');
  await page.getByRole('button', { name: 'Add port' }).click();
  await page.getByText('/workspace/first-tide/port/3000/').first().waitFor();
  const published = await browser.context.newPage();
  await until('the published file', async () => {
    await published.goto(`${tidepool.workspaceOrigin}/workspace/first-tide/port/3000/notes.txt`);
    return (await published.textContent('body'))?.includes('high water');
  });
  await published.close();

  // Stop: its address says so. Start: the file is there.
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  // The button is there while it stops, only not to be pressed yet, and so are its addresses for a moment.
  const statusIs = (status: Status) =>
    until(`it to be ${status}`, async () => (await tidepool.api('getWorkspace', { params: { id } })).status === status);
  await statusIs('stopped');
  const stopped = await browser.context.newPage();
  await stopped.goto(`${tidepool.workspaceOrigin}/workspace/first-tide/`);
  await stopped
    .getByText(/is stopped/)
    .first()
    .waitFor();
  await stopped.close();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await statusIs('running');
  await page.goto(`${tidepool.workspaceOrigin}/workspace/first-tide/`);
  await editorReady(page);
  await page.getByRole('treeitem', { name: /notes\.txt/ }).waitFor();
  await typeInTerminal(page, 'cp notes.txt again.txt', () => holds('again.txt', 'high water\n'));

  // Delete, with the name typed.
  await page.goto(`${home}workspaces/first-tide`);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page
    .getByRole('button', { name: /^Delete/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('first-tide');
  await dialog.getByRole('button', { name: /^Delete/ }).click();
  await until('it to be gone', async () => (await tidepool.api('listWorkspaces', {})).items.length === 0);
  await page.goto(home);
  await page.getByText('first-tide').waitFor({ state: 'detached' });
}
