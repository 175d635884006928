/** A row stops and starts its workspace; its page tells why it runs, and what was done by whom. */
import { running, type Walk } from '../walk.ts';

export async function stopAndStart({ tidepool, page, hand, own, enter, middle }: Walk): Promise<void> {
  await running(tidepool, own);
  await enter(`/?search=${own}`);
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: own, exact: true }) });
  await middle(async () => {
    await hand.press(row.getByRole('button', { name: `More for ${own}` }));
    await hand.choose(page.getByRole('menuitem', { name: 'Stop' }));
    // Asked for and accepted; the worker may have been as quick as the page.
    await row
      .getByText(/^Stopp(ing|ed)/)
      .first()
      .waitFor();
  });
  await row.getByText('on request, its files stay').waitFor();
  await hand.press(row.getByRole('button', { name: `Start ${own}` }));
  await row.getByRole('link', { name: `Open ${own} in a new tab` }).waitFor();

  await hand.press(row.getByRole('link', { name: own, exact: true }));
  await page.getByRole('heading', { name: 'Why it runs' }).waitFor();
  await hand.press(page.getByRole('link', { name: 'Activity', exact: true }));
  const started = page.getByRole('listitem').filter({ hasText: 'Started' }).filter({ hasText: 'by you' });
  await started.first().waitFor();
}
