/** Three ways to work a page: with a mouse, with a finger on a phone, with the keyboard and nothing else. */
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { until } from '../tidepool.ts';

export interface Hand {
  /** A button or a link. */
  press(target: Locator): Promise<void>;
  /** One of a menu's items or of the palette's results. */
  choose(item: Locator): Promise<void>;
  /** Replaces what is in a field. */
  fill(field: Locator, text: string): Promise<void>;
}

export interface HandKind {
  readonly name: string;
  readonly screen: BrowserContextOptions;
  readonly of: (page: Page) => Hand;
}

/** For most walks: what turns on a page that waits would be painted by the processor, sixty times a second. */
export const calm: BrowserContextOptions = { reducedMotion: 'reduce' };

export const mouse: HandKind = {
  name: 'with a mouse',
  screen: { viewport: { width: 1440, height: 900 } },
  of: () => ({
    press: (target) => target.click(),
    choose: (item) => item.click(),
    fill: (field, text) => field.fill(text),
  }),
};

export const finger: HandKind = {
  name: 'with a finger at 360 px',
  screen: { ...calm, viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  of: () => ({
    press: (target) => target.tap(),
    choose: (item) => item.tap(),
    fill: async (field, text) => {
      await field.tap();
      await field.fill(text);
    },
  }),
};

export const keyboard: HandKind = {
  name: 'by keyboard alone',
  screen: { ...calm, viewport: { width: 1440, height: 900 } },
  of: (page) => ({
    press: async (target) => {
      await until(`${target} to be there for keys`, () => target.isEnabled());
      await reach(page, target);
      await page.keyboard.press('Enter');
    },
    choose: async (item) => {
      await until(`${item} to be there for keys`, () => item.isEnabled());
      await arrowTo(page, item);
      await page.keyboard.press('Enter');
    },
    fill: async (field, text) => {
      await reach(page, field);
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Delete');
      await page.keyboard.type(text);
    },
  }),
};

/** More than any page of ours has to go through. */
const mostKeys = 200;

/** By Tab or Shift-Tab, whichever is the nearer way. */
async function reach(page: Page, target: Locator): Promise<void> {
  const way: string[] = [];
  for (let keys = 0; keys < mostKeys; keys += 1) {
    const where = await target.evaluate((element) => {
      const focused = element.ownerDocument.activeElement;
      if (focused === element) return 'here';
      const isBefore =
        focused !== null && (focused.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING) > 0;
      return isBefore ? 'before' : 'after';
    });
    if (where === 'here') return;
    await page.keyboard.press(where === 'before' ? 'Shift+Tab' : 'Tab');
    way.push(await focusedNow(page));
  }
  throw new Error(`${target} is not reached by Tab; the last stops were ${way.slice(-20).join(' → ')}`);
}

/** Where the focus itself moves, as in a menu, or only what the field points at, as in the palette. */
async function arrowTo(page: Page, item: Locator): Promise<void> {
  for (let keys = 0; keys < mostKeys; keys += 1) {
    const isThere = await item.evaluate((element) => {
      const focused = element.ownerDocument.activeElement;
      return (
        focused === element || (element.id !== '' && focused?.getAttribute('aria-activedescendant') === element.id)
      );
    });
    if (isThere) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`${item} is not reached by arrows; the focus is at ${await focusedNow(page)}`);
}

function focusedNow(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    return `${focused?.tagName.toLowerCase()} “${(focused?.getAttribute('aria-label') ?? focused?.textContent ?? '').trim().slice(0, 40)}”`;
  });
}
