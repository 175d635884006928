/** What is refused says why, with what to copy for a report; and what is not there leads on. */
import { finished } from '../../tidepool.ts';
import { running, showsStatus, type Walk } from '../walk.ts';

export async function beRefused({ tidepool, page, hand, own, enter, middle }: Walk): Promise<void> {
  const { id } = await running(tidepool, own);
  await enter(`/workspaces/${own}`);
  // Somebody else was faster, and this page cannot know yet.
  await page.route('**/api/workspaces/*/stop', async (route) => {
    await finished(tidepool, await tidepool.api('stopWorkspace', { params: { id } }));
    await route.continue();
  });
  await hand.press(page.getByRole('button', { name: 'Stop', exact: true }));
  const refusal = page.getByRole('alert').filter({ hasText: `${own} was not stopped` });
  await refusal.getByText(/It was stopped .+ ago/).waitFor();
  await page.unroute('**/api/workspaces/*/stop');
  await middle();
  await refusal.getByRole('button', { name: 'Copy code and request id' }).waitFor();
  await hand.press(refusal.getByRole('button', { name: 'Dismiss' }));
  await refusal.waitFor({ state: 'detached' });
  await hand.press(page.getByRole('button', { name: 'Start', exact: true }));
  await showsStatus(page, 'Running');
}

export async function findNothing({ page, hand, enter, middle }: Walk): Promise<void> {
  await enter('/workspaces/nobody');
  await page.getByRole('heading', { name: 'There is no workspace “nobody”' }).waitFor();
  await middle();
  await hand.press(page.getByRole('link', { name: 'All workspaces', exact: true }));
  await page.getByRole('heading', { name: 'Workspaces', exact: true }).waitFor();
}
