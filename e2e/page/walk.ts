/** Somebody who walks a flow of the page, in one tab, without ever loading it anew. */
import type { Workspace } from '@tidepool/core';
import type { Page, Request } from 'playwright-core';
import { expect } from 'vitest';
import { createRunning, finished, type Tidepool, until } from '../tidepool.ts';
import type { Hand, HandKind } from './hand.ts';

export interface Walk {
  readonly tidepool: Tidepool;
  readonly page: Page;
  readonly hand: Hand;
  /** The workspace that the walk may do with what it likes. */
  readonly own: string;
  /** Loads the page at this address: the only time that a flow does. */
  enter(path: string): Promise<void>;
  /**
   * The middle of the flow, where something may happen to Tidepool or to the way there. What stands in `act` is asked for
   * right before.
   */
  middle(act?: () => Promise<void>): Promise<void>;
}

export type Flow = (walk: Walk) => Promise<void>;

export interface WalkOptions {
  readonly tidepool: Tidepool;
  readonly page: Page;
  readonly kind: HandKind;
  readonly own: string;
  readonly middle?: Walk['middle'];
}

/** Walks `flow` to its end. @throws where the page was loaded anew in between, is wider than its screen, or complained */
export async function walk(flow: Flow, { tidepool, page, kind, own, middle }: WalkOptions): Promise<void> {
  const loads: string[] = [];
  const complaints: string[] = [];
  const onRequest = (request: Request) => {
    const isOurs = request.url().startsWith(`${tidepool.appOrigin}/app/`);
    if (isOurs && request.isNavigationRequest() && request.frame() === page.mainFrame()) loads.push(request.url());
  };
  const onError = (error: Error) => void complaints.push(String(error.stack ?? error));
  page.on('request', onRequest);
  page.on('pageerror', onError);
  try {
    await flow({
      tidepool,
      page,
      hand: kind.of(page),
      own,
      enter: async (path) => {
        await page.goto(`${tidepool.appOrigin}/app${path}`);
        await isLive(page);
        loads.length = 0;
        complaints.length = 0;
      },
      middle: async (act = async () => {}) => {
        await fitsItsScreen(page);
        await (middle ? middle(act) : act());
      },
    });
    if (page.url().startsWith(tidepool.appOrigin)) await fitsItsScreen(page);
    expect(loads, 'documents loaded in the flow').toEqual([]);
    expect(complaints).toEqual([]);
  } finally {
    page.off('request', onRequest);
    page.off('pageerror', onError);
  }
}

export function isLive(page: Page): Promise<void> {
  return page.getByText('Live', { exact: true }).waitFor();
}

/** The word beside a workspace's name, on its page. */
export function showsStatus(page: Page, word: string): Promise<void> {
  return page.locator('.status-pill').filter({ hasText: word }).waitFor();
}

async function fitsItsScreen(page: Page): Promise<void> {
  const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overhang, 'pixels to scroll sideways').toBeLessThanOrEqual(0);
}

/** The workspace of this name, running: made or started where it is not. */
export async function running(tidepool: Tidepool, name: string): Promise<Workspace> {
  const found = await tidepool.api('listWorkspaces', { query: { search: name } });
  const workspace = found.items.find((each) => each.name === name);
  if (!workspace) return createRunning(tidepool, name);
  const { id } = workspace;
  const settled = await until(`${name} to be at rest`, async () => {
    const now = await tidepool.api('getWorkspace', { params: { id } });
    return now.jobId === null ? now : null;
  });
  if (settled.status !== 'running') {
    const verb = settled.status === 'error' ? 'retryWorkspace' : 'startWorkspace';
    await finished(tidepool, await tidepool.api(verb, { params: { id } }));
  }
  return tidepool.api('getWorkspace', { params: { id } });
}
