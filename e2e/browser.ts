/** Debian's Chromium, driven by Playwright, signed in as the owner. */
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Tidepool } from './tidepool.ts';
import { until } from './tidepool.ts';

/** As root Chromium has no sandbox of its own; the rest keeps it from calling home, which a closed network refuses. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface SignedIn {
  readonly context: BrowserContext;
  readonly page: Page;
  close(): Promise<void>;
}

export async function openBrowser(tidepool: Tidepool, viewport = { width: 1440, height: 900 }): Promise<SignedIn> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  const context = await browser.newContext({
    viewport,
    httpCredentials: { username: tidepool.user, password: tidepool.password, origin: tidepool.appOrigin },
  });
  const page = await context.newPage();
  return { context, page, close: () => browser.close() };
}

/** Waits until VS Code stands, with its explorer and editor area. */
export async function editorReady(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .part.editor').waitFor({ timeout: 120_000 });
}

/** Types a command into VS Code's terminal, again until it had an effect: keys typed before the shell reads are lost. */
export async function typeInTerminal(page: Page, command: string, worked: () => Promise<boolean>): Promise<void> {
  const screen = page.locator('.terminal-wrapper .xterm-screen').first();
  if (!(await screen.isVisible())) await page.keyboard.press('Control+Backquote');
  await screen.waitFor({ timeout: 60_000 });
  await until(
    `the terminal to run ${command}`,
    async () => {
      await screen.click();
      await page.keyboard.type(command);
      await page.keyboard.press('Enter');
      return until('its effect', worked, 5).catch(() => false);
    },
    120,
  );
}
