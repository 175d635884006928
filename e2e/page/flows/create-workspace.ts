/** New workspace: named, sized, watched, and led into the editor. */
import { expect } from 'vitest';
import type { Walk } from '../walk.ts';
import { forgetWorkspace, newName } from './made.ts';

export async function createWorkspace({ tidepool, page, hand, enter, middle }: Walk): Promise<void> {
  const name = newName();
  await enter('/');
  await hand.press(page.getByRole('link', { name: 'New workspace' }));
  await hand.fill(page.getByRole('textbox', { name: 'Name' }), name);
  await hand.fill(page.getByRole('spinbutton', { name: 'Memory, GiB' }), '0.5');
  await page.getByText('Takes 512 MiB of the').waitFor();
  await page.getByText('Free.', { exact: true }).waitFor();
  await middle(async () => {
    await hand.press(page.getByRole('button', { name: 'Create' }));
    await page.getByRole('heading', { name: `Creating ${name}` }).waitFor();
  });
  await page.waitForURL(`${tidepool.workspaceOrigin}/workspace/${name}/**`, { waitUntil: 'commit' });
  expect(await tidepool.api('getWorkspace', { params: { id: name } })).toMatchObject({
    status: 'running',
    memoryMiB: 512,
  });
  await forgetWorkspace(tidepool, name);
}
