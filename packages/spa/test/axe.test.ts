/** axe finds nothing, on any view and in any state of it, light and dark, wide and on a phone. */
import { expect, test } from 'vitest';
import { createWorld } from './stub-world.ts';
import { violations } from './views/axe.ts';
import { homeViews } from './views/home-views.ts';
import { otherViews } from './views/other-views.ts';
import { visits } from './visits.ts';

const open = visits();

test.each([...homeViews, ...otherViews])('$name', async ({ path, prepare, open: enter }) => {
  const world = createWorld();
  prepare?.(world);
  const { page, stub } = await open(world, path);
  await enter({ page, world, stub });
  expect(await violations(page)).toEqual([]);
});

test('what is wrong is found', async () => {
  const { page } = await open(createWorld(), '/new');
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
