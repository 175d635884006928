/** The host's page: what carries the workspaces, and a job that failed, tried again from there. */
import { rename } from 'node:fs/promises';
import { finished, type Tidepool } from '../../tidepool.ts';
import { running, type Walk } from '../walk.ts';

export async function mendFromHost({ tidepool, page, hand, own, enter, middle }: Walk): Promise<void> {
  await failOnce(tidepool, own);
  await enter('/');
  await hand.press(page.getByRole('link', { name: 'Host', exact: true }));
  for (const name of ['Host', 'Runtime', 'Findings', 'Jobs at work', 'Failed jobs'])
    await page.getByRole('heading', { name, exact: true }).waitFor();
  const failed = page.getByRole('listitem').filter({ hasText: `Could not start ${own}` });
  await failed.first().getByText('its files with it').first().waitFor();
  await middle(async () => {
    await hand.press(failed.getByRole('button', { name: `Retry ${own}` }));
    await failed
      .first()
      .getByText(/It is starting again|It runs now/)
      .waitFor();
  });
  await failed.first().getByText('It runs now').waitFor();
}

/** Its machine is away while it is started, and back when that has failed. */
async function failOnce(tidepool: Tidepool, name: string): Promise<void> {
  const { id } = await running(tidepool, name);
  await finished(tidepool, await tidepool.api('stopWorkspace', { params: { id } }));
  const machine = `${tidepool.home}/sandboxes/${id}`;
  await rename(machine, `${machine}.away`);
  await finished(tidepool, await tidepool.api('startWorkspace', { params: { id } }));
  await rename(`${machine}.away`, machine);
}
