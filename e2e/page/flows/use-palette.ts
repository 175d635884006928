/** The palette: a verb and a name do it. */
import { running, showsStatus, type Walk } from '../walk.ts';

export async function usePalette({ tidepool, page, hand, own, enter, middle }: Walk): Promise<void> {
  await running(tidepool, own);
  await enter(`/workspaces/${own}`);
  const typed = page.getByRole('combobox', { name: 'Go to or do' });
  await hand.press(page.getByRole('button', { name: 'Go to or do' }));
  await hand.fill(typed, `stop ${own}`);
  const stop = page.getByRole('option', { name: new RegExp(`^Stop ${own}(?![-\\w])`) });
  await stop.waitFor();
  await middle();
  await hand.choose(stop);
  await typed.waitFor({ state: 'detached' });
  await showsStatus(page, 'Stopped');
  await page.keyboard.press('Control+k');
  await hand.fill(typed, `start ${own}`);
  await hand.choose(page.getByRole('option', { name: new RegExp(`^Start ${own}(?![-\\w])`) }));
  await showsStatus(page, 'Running');
}
