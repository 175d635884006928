/** A view that breaks leaves what stands around it, is drawn anew, and what was typed is still there. */
import { breakClock } from '../../../packages/spa/test/break-clock.ts';
import type { Walk } from '../walk.ts';

export async function outliveCrash({ page, hand, own, enter, middle }: Walk): Promise<void> {
  await enter('/new');
  const name = page.getByRole('textbox', { name: 'Name' });
  await hand.fill(name, `${own}-typed`);
  const mend = await breakClock(page);
  await hand.press(page.getByRole('link', { name: 'Workspaces', exact: true }));
  await page.getByRole('heading', { name: 'This view broke. Your workspaces did not.' }).waitFor();
  await mend();
  await middle();
  await hand.press(page.getByRole('button', { name: 'Reload this view' }));
  await page.getByRole('heading', { name: 'Workspaces', exact: true }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'New workspace', exact: true }).waitFor();
  const typed = await name.inputValue();
  if (typed !== `${own}-typed`) throw new Error(`the name that was typed is now «${typed}»`);
}
