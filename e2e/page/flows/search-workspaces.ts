/** The list: searched, filtered by status, and what a search that finds nothing offers. */
import { expect } from 'vitest';
import { running, type Walk } from '../walk.ts';

export async function searchWorkspaces({ tidepool, page, hand, own, enter, middle }: Walk): Promise<void> {
  await running(tidepool, own);
  await enter('/');
  const search = page.getByRole('searchbox', { name: 'Search workspaces' });
  const found = page.getByRole('link', { name: own, exact: true });
  await hand.fill(search, own);
  await page.waitForURL(`**/app/?search=${own}`);
  await found.waitFor();
  await middle();
  expect(await search.inputValue()).toBe(own);
  await hand.press(page.getByRole('button', { name: /^Stopped \d/ }));
  await page.getByText(`No workspace that is stopped matches “${own}”`).waitFor();
  await hand.press(page.getByRole('button', { name: /^Running \d/ }));
  await found.waitFor();
  await hand.fill(search, `${own}-nothing`);
  await page.getByRole('link', { name: `New workspace called ${own}-nothing` }).waitFor();
  await hand.press(page.getByRole('button', { name: 'Clear' }));
  await found.waitFor();
  expect(new URL(page.url()).search).toBe('');
}
