/** Debian's Chromium, driven by Playwright, signed in as the owner. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
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

/** `whole`: as a person has it. `bare`: the same without windows around its pages, which takes a third of the time. */
const programs = { whole: '/usr/bin/chromium', bare: '/usr/bin/chromium-headless-shell' } as const;

export interface SignedIn {
  readonly context: BrowserContext;
  readonly page: Page;
  close(): Promise<void>;
}

/**
 * @param options `debuggingPort`: where it listens for another tool. `env`: of its process. `through`: where it connects to
 * in place of a host and port of this machine
 */
export function launchBrowser({
  program = 'whole',
  debuggingPort,
  env = {},
  through,
}: {
  readonly program?: keyof typeof programs;
  readonly debuggingPort?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly through?: { readonly from: string; readonly to: number };
} = {}): Promise<Browser> {
  const listening = debuggingPort === undefined ? [] : [`--remote-debugging-port=${debuggingPort}`];
  const mapped = through === undefined ? [] : [`--host-resolver-rules=MAP ${through.from} 127.0.0.1:${through.to}`];
  return chromium.launch({
    executablePath: programs[program],
    args: [...flags, ...listening, ...mapped],
    env: { ...process.env, ...env },
  });
}

export async function openBrowser(tidepool: Tidepool, viewport = { width: 1440, height: 900 }): Promise<SignedIn> {
  const browser = await launchBrowser();
  const context = await browser.newContext({
    viewport,
    httpCredentials: { username: tidepool.user, password: tidepool.password, origin: tidepool.appOrigin },
  });
  const page = await context.newPage();
  return { context, page, close: () => browser.close() };
}

/**
 * A tab of its own, signed in by a session's cookie: with a password to answer challenges Playwright switches the browser's
 * cache off.
 */
export async function openTab(
  browser: Browser,
  { appOrigin, authorization }: Tidepool,
  options: BrowserContextOptions = {},
): Promise<Page> {
  // Not by fetch, which says of itself that it loads no page.
  const request = get(`${appOrigin}/app/`, { headers: { authorization, 'sec-fetch-mode': 'navigate' } });
  const [answer]: IncomingMessage[] = await once(request, 'response', { signal: AbortSignal.timeout(30_000) });
  answer?.resume();
  const [, name, value] = /^([^=]+)=([^;]+)/.exec(answer?.headers['set-cookie']?.[0] ?? '') ?? [];
  if (name === undefined || value === undefined) throw new Error('signing in gave no session');
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  await context.addCookies([{ name, value, url: appOrigin }]);
  return context.newPage();
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
