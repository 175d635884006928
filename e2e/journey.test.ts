/** The first paragraph of what Tidepool promises, in a real browser: create, watch, edit, publish, stop, start, delete. */
import { access, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editorReady, openBrowser, type SignedIn, typeInTerminal } from './browser.ts';
import { startTidepool, type Tidepool, until } from './tidepool.ts';

let tidepool: Tidepool;
let browser: SignedIn;
beforeAll(async () => {
  tidepool = await startTidepool();
  browser = await openBrowser(tidepool);
});
afterAll(async () => {
  await browser?.close();
  await tidepool?.dispose();
});

test('a person creates a workspace, works in VS Code, publishes a port, stops, starts, finds their file, deletes', async () => {
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
  const file = `${tidepool.home}/sandboxes/${id}/home/project/notes.txt`;
  const written = () => readFile(file, 'utf8').catch(() => '');
  await typeInTerminal(page, 'echo high water > notes.txt', async () => (await written()) === 'high water\n');
  await typeInTerminal(page, 'python3 -m http.server --bind 127.0.0.1 3000 &>/dev/null & touch serving', async () =>
    exists(file.replace('notes.txt', 'serving')),
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
  await page.getByRole('button', { name: 'Start', exact: true }).waitFor({ timeout: 60_000 });
  const stopped = await browser.context.newPage();
  await stopped.goto(`${tidepool.workspaceOrigin}/workspace/first-tide/`);
  await stopped
    .getByText(/is stopped/)
    .first()
    .waitFor();
  await stopped.close();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await until('it to run', async () => (await tidepool.api('getWorkspace', { params: { id } })).status === 'running');
  await page.goto(`${tidepool.workspaceOrigin}/workspace/first-tide/`);
  await editorReady(page);
  await page.getByRole('treeitem', { name: /notes\.txt/ }).waitFor();
  await typeInTerminal(
    page,
    'cp notes.txt again.txt',
    async () => (await readFile(file.replace('notes', 'again'), 'utf8').catch(() => '')) === 'high water\n',
  );

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
});

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
