/** How the built page comes to a browser: through Caddy, signed in, in a real Chromium. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openTab } from '../browser.ts';
import { startTidepool, type Tidepool } from '../tidepool.ts';

let tidepool: Tidepool;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  // No workspace is needed, so neither is what one runs in.
  tidepool = await startTidepool({ env: { TIDEPOOL_RUNTIME: 'fake' } });
  browser = await launchBrowser({ program: 'bare' });
  page = await openTab(browser, tidepool);
});
afterAll(async () => {
  await browser?.close();
  await tidepool?.dispose();
});

interface Arrived {
  /** Without the origin. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fromCache: boolean;
  /** Bytes on the wire, headers included. */
  bytes: number;
}

/** What arrives from now on, as the network saw it. */
async function watchNetwork(page: Page): Promise<Arrived[]> {
  const session = await page.context().newCDPSession(page);
  const arrived: Arrived[] = [];
  const byId = new Map<string, Arrived>();
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const fromCache = response.fromDiskCache === true;
    const one = { path: response.url.slice(tidepool.appOrigin.length), headers, fromCache, bytes: 0 };
    arrived.push(one);
    byId.set(requestId, one);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const one = byId.get(requestId);
    if (one) one.bytes = encodedDataLength;
  });
  await session.send('Network.enable');
  return arrived;
}

test('the first load is small on the wire, compressed, and nothing in it offends its strict policy', async () => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const arrived = await watchNetwork(page);
  await page.goto(`${tidepool.appOrigin}/app/`);
  await page.getByText('Live', { exact: true }).waitFor();
  const isAsset = ({ path }: Arrived) => path.startsWith('/app/assets/');
  await expect.poll(() => arrived.filter(isAsset).filter(({ bytes }) => bytes === 0)).toEqual([]);

  const index = arrived.find(({ path }) => path === '/app/');
  expect(index?.headers['cache-control']).toBe('no-store');
  const html = await page.request.get(`${tidepool.appOrigin}/app/`).then((answer) => answer.text());
  expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/);
  const policy = index?.headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toContain('unsafe');
  expect(complaints).toEqual([]);

  for (const { path, headers } of arrived.filter(isAsset)) {
    expect(path).toMatch(/^\/app\/assets\/.+-[\w-]{8}\.\w+$/);
    expect(headers['cache-control'], path).toBe('public, max-age=31536000, immutable');
    // What one packet carries as it is needs no copy.
    const isSmall = Number(headers['content-length']) < 1024;
    if (/\.(js|css)$/.test(path)) expect(headers['content-encoding'], path).toBe(isSmall ? undefined : 'br');
  }
  const named = [...html.matchAll(/(?:src|href)="(\/app\/assets\/[^"]+\.js)"/g)].map(([, path]) => path);
  const scripts = arrived.filter(({ path }) => named.includes(path));
  expect(scripts).toHaveLength(named.length);
  expect(scripts.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(150_000);
});

test('the second load takes its assets from the cache, and asks for the page itself anew', async () => {
  await page.goto('about:blank');
  const arrived = await watchNetwork(page);
  await page.goto(`${tidepool.appOrigin}/app/`);
  await page.getByText('Live', { exact: true }).waitFor();
  const assets = arrived.filter(({ path }) => path.startsWith('/app/assets/'));
  expect(assets.length).toBeGreaterThan(1);
  expect(assets.filter(({ fromCache }) => !fromCache)).toEqual([]);
  expect(arrived.find(({ path }) => path === '/app/')?.fromCache).toBe(false);
});

test('a browser that takes no Brotli, as on a plain-http name of a LAN, gets gzip', async () => {
  const html = await ask('/app/', 'gzip, deflate');
  html.resume();
  expect(html.headers['content-type']).toContain('text/html');
  const part = await page.evaluate(() => document.querySelector<HTMLLinkElement>('link[href*="/start-"]')?.href ?? '');
  const answer = await ask(new URL(part).pathname, 'gzip, deflate');
  answer.resume();
  expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
});

test('JSON is compressed; an event arrives while its stream is open, whatever encodings are accepted', async () => {
  const description = await ask('/api/openapi.json', 'gzip, deflate, br, zstd');
  description.resume();
  expect(['zstd', 'gzip']).toContain(description.headers['content-encoding']);

  const stream = await ask('/api/events', 'gzip, deflate, br, zstd');
  expect(stream.headers).not.toHaveProperty('content-encoding');
  let received = '';
  stream.on('data', (chunk: Buffer) => {
    received += String(chunk);
  });
  await expect.poll(() => received, { timeout: 30_000 }).toContain('event: hello');
  await tidepool.api('createWorkspace', { body: { name: 'seen-at-once', memoryMiB: 512 } });
  await expect.poll(() => received, { timeout: 30_000 }).toContain('seen-at-once');
  expect(stream.readableEnded).toBe(false);
  stream.destroy();
});

async function ask(path: string, accepted: string): Promise<IncomingMessage> {
  const headers = { authorization: tidepool.authorization, 'accept-encoding': accepted, 'sec-fetch-mode': 'navigate' };
  const { app: port } = tidepool.ports;
  const [response] = await once(get({ host: '127.0.0.1', port, path, headers, agent: false }), 'response');
  return response;
}
