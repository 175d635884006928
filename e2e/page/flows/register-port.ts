/** A port: registered with a label, reached, removed. */
import { expect } from 'vitest';
import { running, type Walk } from '../walk.ts';

export async function registerPort({ tidepool, page, hand, own, enter, middle }: Walk): Promise<void> {
  const { id, ports } = await running(tidepool, own);
  for (const { port } of ports) await tidepool.api('removePort', { params: { id, port: String(port) } });
  await enter(`/workspaces/${own}`);
  await hand.press(page.getByRole('link', { name: 'Ports' }));
  const port = page.getByRole('textbox', { name: 'Port' });
  await hand.fill(port, '8080');
  await page.getByText("8080 is the editor's own").waitFor();
  await hand.fill(port, '3000');
  await hand.fill(page.getByRole('textbox', { name: 'Label' }), 'web');
  await middle();
  expect(await port.inputValue()).toBe('3000');
  await hand.press(page.getByRole('button', { name: 'Add port' }));
  const link = page.getByRole('link', { name: 'Open port 3000' });
  expect(await link.getAttribute('href')).toBe(`${tidepool.workspaceOrigin}/workspace/${own}/port/3000/`);
  await page.getByText('Nothing listens on this port yet').waitFor();
  await hand.press(page.getByRole('button', { name: 'Remove port 3000' }));
  await link.waitFor({ state: 'detached' });
  await page.getByText('None yet. Start a web server').waitFor();
}
