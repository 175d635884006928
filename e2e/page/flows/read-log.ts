/** The log: followed, searched, held still, and followed again after a cut without a line twice. */
import { expect } from 'vitest';
import { finished } from '../../tidepool.ts';
import { running, type Walk } from '../walk.ts';

export async function readLog({ tidepool, page, hand, own, enter, middle }: Walk): Promise<void> {
  const { id } = await running(tidepool, own);
  await enter(`/workspaces/${own}`);
  await hand.press(page.getByRole('link', { name: 'Logs' }));
  const view = page.getByRole('log');
  const live = page.getByText('Live. New lines appear by themselves.');
  await live.waitFor();
  await view.locator('.log-line').first().waitFor();
  await middle();
  await live.waitFor();

  await hand.press(page.getByRole('button', { name: 'Pause' }));
  await page.getByText('Paused. New lines wait until you go on.').waitFor();
  await finished(tidepool, await tidepool.api('restartWorkspace', { params: { id } }));
  const goOn = page.getByRole('button', { name: /^Go on \+\d/ });
  await hand.press(goOn);
  await live.waitFor();
  await hand.fill(page.getByRole('searchbox', { name: 'Search the log' }), 'restart');
  await page.getByText(/^\d+ found$/).waitFor();
  await hand.press(page.getByRole('button', { name: 'Next line found' }));
  await page.getByText(/^\d+ of \d+$/).waitFor();
  expect(await page.locator('mark').first().textContent()).toMatch(/restart/i);
}
