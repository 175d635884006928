/** What axe has to say of a page: WCAG 2.2 AA and its own best practices. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Of which these depend on colours: the rest is the same in the dark. */
const ofColour = ['color-contrast', 'link-in-text-block'];

/**
 * Looks at the page as it stands, wide and as on a phone, light and dark. axe is put in through the debugger, which the
 * page's Content-Security-Policy does not concern.
 * @returns one line for each violation and element; none where all is well
 */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const width of [1440, 360]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      // With reduced motion nothing is between two colours when it is looked at.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const runOnly =
        colorScheme === 'light'
          ? ({ type: 'tag', values: tags } as const)
          : ({ type: 'rule', values: ofColour } as const);
      for (const line of await page.evaluate(look, runOnly)) found.push(`${width} ${colorScheme}: ${line}`);
    }
  }
  return found;
}

/** Runs in the page. */
async function look(runOnly: axe.RunOnly): Promise<string[]> {
  const results = await window.axe.run(document, { runOnly, resultTypes: ['violations'], elementRef: true });
  const menu = document.querySelector('[role=menu]');
  return results.violations.flatMap(({ id, nodes }) =>
    nodes
      // An open menu takes every press, so what it lies over in part is no target meanwhile.
      .filter(({ element }) => id !== 'target-size' || !menu || menu.contains(element ?? null))
      .map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary?.replaceAll(/\s+/g, ' ')}`),
  );
}

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}
