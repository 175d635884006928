/** axe finds nothing, on any view and in any state of it, light and dark, wide and on a phone. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type BuiltPage, buildPage, type Visit, visit } from './browser.ts';
import { createWorld } from './stub-world.ts';
import { violations } from './views/axe.ts';
import { homeViews } from './views/home-views.ts';
import { otherViews } from './views/other-views.ts';

let built: BuiltPage;
let open: Visit | undefined;
beforeAll(async () => {
  built = await buildPage();
});
afterAll(() => built.close());
afterEach(async () => {
  await open?.end();
  open = undefined;
});

test.each([...homeViews, ...otherViews])('$name', async ({ path, prepare, open: enter }) => {
  const world = createWorld();
  prepare?.(world);
  open = await visit(built, world, path);
  const { page, stub } = open;
  await enter({ page, world, stub });
  expect(await violations(page)).toEqual([]);
});

test('what is wrong is found', async () => {
  open = await visit(built, createWorld(), '/new');
  const { page } = open;
  await page.getByRole('textbox', { name: 'Name' }).waitFor();
  await page.evaluate(() => {
    const faint = document.createElement('p');
    faint.textContent = 'hardly to be read';
    faint.style.color = 'light-dark(#fafafa, #0a0d10)';
    document.querySelector('main')?.append(document.createElement('button'), faint);
  });
  const found = (await violations(page)).join('\n');
  expect(found).toContain('1440 light: button-name: <button></button>');
  expect(found).toMatch(/360 dark: color-contrast: <p .+hardly to be read/);
});
