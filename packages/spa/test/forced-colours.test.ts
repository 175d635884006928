/** With the few colours that a reader's system forces, everything is told apart that colours tell apart otherwise. */
import axe from 'axe-core';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { createWorld } from './stub-world.ts';
import { homeViews } from './views/home-views.ts';
import { otherViews } from './views/other-views.ts';
import { visits } from './visits.ts';

const open = visits();
const views = [...homeViews, ...otherViews].filter(({ name }) =>
  [
    'home, some in each state',
    'home, not connected',
    'home, a start that does not fit',
    'creating',
    'new, that does not fit',
    'settings, set for the next start',
  ].includes(name),
);

test.each(views)('words can be read: $name', async ({ path, prepare, open: enter }) => {
  const world = createWorld();
  prepare?.(world);
  const { page, stub } = await open(world, path);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, forcedColors: 'active', reducedMotion: 'reduce' });
    if (colorScheme === 'light') await enter({ page, world, stub });
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const { violations: found } = await window.axe.run(document, {
        runOnly: { type: 'rule', values: ['color-contrast'] },
      });
      return found.flatMap(({ nodes }) => nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`));
    });
    expect(violations, colorScheme).toEqual([]);
    expect(await page.evaluate(coveredWords), colorScheme).toEqual([]);
  }
});

const style = (locator: Locator, name: string) =>
  locator.first().evaluate((element, property) => getComputedStyle(element).getPropertyValue(property), name);

test('bars, notes, what is chosen and what has the focus are seen', async () => {
  const [inEachState] = homeViews;
  const world = createWorld();
  inEachState?.prepare?.(world);
  const { page, stub } = await open(world, '/');
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active', reducedMotion: 'reduce' });
  await page.getByText('Live', { exact: true }).waitFor();
  const ground = await style(page.locator('.panel'), 'background-color');
  for (const seen of ['.bar > i', '.tide-taken']) {
    expect(await style(page.locator(seen), 'background-color'), seen).not.toBe(ground);
  }
  expect(await style(page.locator('.bar'), 'border-top-style')).toBe('solid');
  // A shape has the colour of words, whatever this page's theme is.
  const words = await style(page.locator('h1'), 'color');
  for (const shape of await page.locator('.list .status-shape[data-status="running"]').all()) {
    expect(await style(shape, 'color')).toBe(words);
  }
  expect(await style(page.getByRole('button', { name: /^All/ }), 'outline-style')).toBe('solid');
  await page.getByRole('searchbox').focus();
  await page.keyboard.press('ArrowDown');
  const focused = page.locator('tr:focus');
  await focused.waitFor();
  expect(await style(focused, 'outline-style')).toBe('solid');
  await page.goto(`${stub.origin}/app/workspaces/notes`);
  await page.locator('.note').first().waitFor();
  expect(await style(page.locator('.note'), 'border-top-style')).toBe('solid');
});

test('words that the system would cover are found', async () => {
  const { page } = await open(createWorld(), '/');
  await page.getByRole('heading', { name: 'No workspace is left' }).waitFor();
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active', reducedMotion: 'reduce' });
  const button = page.getByRole('link', { name: 'New workspace' });
  await button.evaluate((element) => element.style.setProperty('forced-color-adjust', 'auto'));
  expect((await page.evaluate(coveredWords)).join()).toContain('New workspace');
});

/**
 * Runs in the page. Behind words on another ground than the system's it lays its own, whatever their colour is, which axe
 * does not see: what is filled has to forbid that.
 */
function coveredWords(): string[] {
  const ground = getComputedStyle(document.body).backgroundColor;
  const groundOf = (element: Element | null): string => {
    if (!element) return ground;
    const { backgroundColor } = getComputedStyle(element);
    return backgroundColor.endsWith(', 0)') ? groundOf(element.parentElement) : backgroundColor;
  };
  return [...document.querySelectorAll('body *')]
    .filter((each) => [...each.childNodes].some((child) => child instanceof Text && child.data.trim() !== ''))
    .filter((each) => getComputedStyle(each).getPropertyValue('forced-color-adjust') === 'auto')
    .filter((each) => groundOf(each) !== ground && each.closest('mark') === null)
    .map(({ outerHTML }) => outerHTML);
}
