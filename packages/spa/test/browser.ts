/** The page, built once into a folder of its own, and a Chromium to look at it with. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { type StubServer, startStubServer } from './stub-server.ts';
import type { World } from './stub-world.ts';

export interface BuiltPage {
  readonly browser: Browser;
  readonly dist: string;
  close(): Promise<void>;
}

const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function buildPage(): Promise<BuiltPage> {
  const dist = await mkdtemp(join(tmpdir(), 'tp-spa-'));
  await build({
    root: join(import.meta.dirname, '..'),
    // As it is shipped, but for the copies in Brotli.
    mode: 'test',
    logLevel: 'error',
    build: { outDir: dist, emptyOutDir: true },
  });
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: chromiumArguments });
  return {
    browser,
    dist,
    close: async () => {
      await browser.close();
      await rm(dist, { recursive: true });
    },
  };
}

export interface Visit {
  readonly stub: StubServer;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser reported as errors but lost connections: a broken CSP shows here. */
  readonly complaints: string[];
  end(): Promise<void>;
}

export async function visit({ browser, dist }: BuiltPage, world: World, path = '/', width = 1280): Promise<Visit> {
  const stub = await startStubServer(world, dist);
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
