/** When rows of a list reach the screen: put into a page before its own scripts, read out afterwards. */
import type { Page } from 'playwright-core';

export interface Painted {
  readonly name: string;
  /** The whole GiB that the row says. */
  readonly gib: number;
  /** Milliseconds since 1970, by the page's clock. */
  readonly at: number;
}

/** From the next navigation on. A row is what holds a link to a workspace. */
export async function watchRows(page: Page): Promise<void> {
  await page.addInitScript(watch);
}

export function paintedRows(page: Page): Promise<Painted[]> {
  return page.evaluate(() => window.rowWatch.painted);
}

/** Milliseconds from the navigation to the paint of the first rows. */
export async function firstRowsAt(page: Page): Promise<number> {
  await page.waitForFunction(() => window.rowWatch?.firstAt !== undefined, undefined, { timeout: 60_000 });
  return page.evaluate(() => window.rowWatch.firstAt ?? Number.NaN);
}

/** What to add to the page's clock for ours: of several questions the one that was answered fastest tells it best. */
export async function clockOffset(page: Page): Promise<{ readonly offsetMs: number; readonly withinMs: number }> {
  let best = { offsetMs: 0, withinMs: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 20; round += 1) {
    const asked = performance.timeOrigin + performance.now();
    const there = await page.evaluate(() => performance.timeOrigin + performance.now());
    const answered = performance.timeOrigin + performance.now();
    const withinMs = (answered - asked) / 2;
    if (withinMs < best.withinMs) best = { offsetMs: asked + withinMs - there, withinMs };
  }
  return best;
}

declare global {
  interface Window {
    readonly rowWatch: { readonly painted: Painted[]; firstAt?: number };
  }
}

/** Runs in the page: looks at the rows in each frame in which something changed, and notes the time once it is painted. */
function watch(): void {
  const noted: Window['rowWatch'] = { painted: [] };
  Object.assign(window, { rowWatch: noted });
  const shown = new Map<string, number>();
  let isDue = false;

  const changed = () => {
    const found: { name: string; gib: number }[] = [];
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href^="/app/workspaces/"]')) {
      const [, name] = /^\/app\/workspaces\/([^/]+)$/.exec(link.pathname) ?? [];
      const text = link.closest('[role=row], tr, li')?.textContent ?? '';
      const gib = Number(/(\d+) GiB/.exec(text)?.[1]);
      if (name === undefined || Number.isNaN(gib) || shown.get(name) === gib) continue;
      shown.set(name, gib);
      found.push({ name, gib });
    }
    return found;
  };
  const look = () => {
    isDue = false;
    const found = changed();
    if (found.length === 0) return;
    // A message is taken after the frame that this callback belongs to.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      noted.firstAt ??= performance.now();
      const at = performance.timeOrigin + performance.now();
      for (const row of found) noted.painted.push({ ...row, at });
      port1.close();
    };
    port2.postMessage(null);
  };
  new MutationObserver(() => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(look);
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}
