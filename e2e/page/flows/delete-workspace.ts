/** Deleting: what is lost is said, the name is typed, and it is gone. */
import { finished } from '../../tidepool.ts';
import type { Walk } from '../walk.ts';
import { newName } from './made.ts';

export async function deleteWorkspace({ tidepool, page, hand, enter, middle }: Walk): Promise<void> {
  const name = newName();
  await finished(tidepool, await tidepool.api('createWorkspace', { body: { name, memoryMiB: 512 } }));
  await enter(`/workspaces/${name}/settings`);
  await hand.press(page.getByRole('button', { name: 'Delete…' }));
  const dialog = page.getByRole('dialog', { name: `Delete ${name}` });
  const field = dialog.getByRole('textbox', { name: `Type ${name} to confirm` });
  await dialog.getByText('its activity and logs').waitFor();
  await hand.fill(field, name.slice(0, 4));
  await middle();
  await hand.fill(field, name);
  await hand.press(dialog.getByRole('button', { name: 'Delete workspace' }));
  await page.waitForURL('**/app/');
  await page.getByRole('heading', { name: 'Workspaces', exact: true }).waitFor();
  await page.getByRole('link', { name, exact: true }).waitFor({ state: 'detached' });
}
