/** As the system, light, dark, and round again; which of them it is, is said and seen at once. */
import type { Page } from 'playwright-core';
import { until } from '../../tidepool.ts';
import type { Walk } from '../walk.ts';

export async function chooseTheme({ page, hand, enter, middle }: Walk): Promise<void> {
  await enter('/');
  const press = (theme: string) => hand.press(page.getByRole('button', { name: `Theme: ${theme}` }));
  await press('as the system');
  const light = await groundOf(page, 'light');
  await middle();
  await press('light');
  const dark = await groundOf(page, 'dark');
  if (light === dark) throw new Error(`light and dark have one ground: ${light}`);
  await press('dark');
  await page.getByRole('button', { name: 'Theme: as the system' }).waitFor();
}

/** The colour under everything, once this theme is on. */
async function groundOf(page: Page, theme: 'light' | 'dark'): Promise<string> {
  await page.getByRole('button', { name: `Theme: ${theme}` }).waitFor();
  await until(`the page to be ${theme}`, () =>
    page.evaluate((wanted) => document.documentElement.dataset.theme === wanted, theme),
  );
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}
