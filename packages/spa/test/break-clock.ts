/** Breaks a view on purpose, from outside: how long ago something was can be said no more, which the list needs and a form does not. */
import type { Page } from 'playwright-core';

/** @returns what mends it */
export async function breakClock(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    const { format } = Intl.RelativeTimeFormat.prototype;
    Intl.RelativeTimeFormat.prototype.format = () => {
      throw new TypeError('the clock fell off the wall');
    };
    Object.assign(globalThis, { mend: () => Object.assign(Intl.RelativeTimeFormat.prototype, { format }) });
  });
  return async () => {
    await page.evaluate('mend()');
  };
}
