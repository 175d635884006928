/** Keys: `?` lists them, and they lead where they say. With whatever hand the rest is done, these are keys. */
import { until } from '../../tidepool.ts';
import { running, type Walk } from '../walk.ts';

export async function useKeys({ tidepool, page, own, enter, middle }: Walk): Promise<void> {
  await running(tidepool, own);
  await enter('/');
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press('?');
  const list = page.getByRole('dialog', { name: 'Keys' });
  await list.getByText('Go to Host').waitFor();
  await middle();
  await press('Escape');
  await list.waitFor({ state: 'detached' });
  await press('g', 'h');
  await page.getByRole('heading', { name: 'Host', exact: true }).waitFor();
  await press('g', 'w');
  await page.getByRole('heading', { name: 'Workspaces', exact: true }).waitFor();
  await press('/');
  await page.keyboard.type(own);
  await page.waitForURL(`**/app/?search=${own}`);
  await page.getByText('1 match', { exact: true }).waitFor({ state: 'attached' });
  await press('ArrowDown', '.');
  await page.getByRole('menuitem', { name: 'Details' }).waitFor();
  await press('Escape', 'ArrowRight');
  await page.waitForURL(`**/workspaces/${own}`);
  await press('n');
  const name = page.getByRole('textbox', { name: 'Name' });
  await until('the name to be typed', () => name.evaluate((field) => field === document.activeElement));
}
