/** What a file of tests looks at: the page, built before the first of them, and what each visits, ended behind it. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type BuiltPage, buildPage, type Visit, visit } from './browser.ts';
import type { World } from './stub-world.ts';

/** @returns how a test opens the page. It has one visit */
export function visits(usualPath = '/'): (world: World, path?: string, width?: number) => Promise<Visit> {
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
  return async (world, path = usualPath, width = undefined) => {
    open = await visit(built, world, path, width);
    return open;
  };
}

/** As `visits`; the page is connected when it is given. */
export function liveVisits(): ReturnType<typeof visits> {
  const open = visits();
  return async (world, path, width) => {
    const visit = await open(world, path, width);
    await visit.page.getByText('Live').waitFor();
    return visit;
  };
}
