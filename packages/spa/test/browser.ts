/** A headless Chromium to look at the built page with, and a visit to it. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { type StubServer, startStubServer } from './stub-server.ts';
import type { World } from './stub-world.ts';

const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Chromium without its own windows around the page: they cost two thirds of the time. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell';
  return chromium.launch({ executablePath, args: chromiumArguments });
}

export interface Visit {
  readonly stub: StubServer;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser reported as errors but lost connections: a broken CSP shows here. */
  readonly complaints: string[];
  end(): Promise<void>;
}

export async function visit(browser: Browser, world: World, path = '/', width = 1280): Promise<Visit> {
  const stub = await startStubServer(world, inject('page'));
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  const page = await context.newPage();
  await page.goto(`${stub.origin}/app${path}`);
  return {
    stub,
    context,
    page,
    complaints,
    end: async () => {
      await context.close();
      await stub.close();
    },
  };
}
