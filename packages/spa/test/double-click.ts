/** A double click by a hand: the second one comes when what the first one opened or replaced is there. */
import type { Locator, Page } from 'playwright-core';

export async function doubleClick(page: Page, target: Locator, opened: Locator): Promise<void> {
  const box = await target.boundingBox();
  if (!box) throw new Error(`${target} is not there to be clicked`);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await opened.waitFor();
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
}
