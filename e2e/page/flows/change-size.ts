/** Settings: a size is saved for the next start, which is asked for at once. */
import { expect } from 'vitest';
import { running, showsStatus, type Walk } from '../walk.ts';

export async function changeSize({ tidepool, page, hand, own, enter, middle }: Walk): Promise<void> {
  const { memoryMiB, inForce } = await running(tidepool, own);
  expect(inForce?.memoryMiB).toBe(memoryMiB);
  const [gib, mib] = memoryMiB === 1024 ? ['0.75', 768] : ['1', 1024];
  await enter(`/workspaces/${own}`);
  await hand.press(page.getByRole('link', { name: 'Settings' }));
  const memory = page.getByRole('spinbutton', { name: 'Memory, GiB' });
  await hand.fill(memory, gib);
  await middle();
  expect(await memory.inputValue()).toBe(gib);
  await hand.press(page.getByRole('button', { name: 'Save' }));
  await page.getByText('applies at the next start.').first().waitFor();
  await hand.press(page.getByRole('button', { name: 'Restart now' }));
  await page.getByText('What you save applies at the next start.').waitFor();
  await showsStatus(page, 'Running');
  expect((await tidepool.api('getWorkspace', { params: { id: own } })).inForce?.memoryMiB).toBe(mib);
}
