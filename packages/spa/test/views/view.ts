/** One view of the page in one state: how a world is made for it, and how it is reached. */
import type { Page } from 'playwright-core';
import type { StubServer } from '../stub-server.ts';
import type { World } from '../stub-world.ts';

export interface Shown {
  readonly page: Page;
  readonly world: World;
  readonly stub: StubServer;
}

export interface View {
  readonly name: string;
  /** Below `/app`. */
  readonly path: string;
  /** Before the page is opened. */
  prepare?(world: World): void;
  /** Brings the page into the state, and waits until it is. */
  open(shown: Shown): Promise<unknown>;
}

export function heading(page: Page, name: string): Promise<void> {
  return page.getByRole('heading', { name }).first().waitFor();
}

export function seen(page: Page, text: string | RegExp): Promise<void> {
  return page.getByText(text).first().waitFor();
}
