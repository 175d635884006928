/** What is compressed on the way to a browser, and what must not be held back for it. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unguarded } from '../src/unguarded.ts';
import { setups } from './caddy-versions.ts';
import { startTestbed, type Testbed } from './testbed.ts';

const text = 'the tide comes in, the tide goes out. '.repeat(100);
/** What Chromium sends on localhost and over TLS. */
const all = 'gzip, deflate, br, zstd';

describe.each(setups)('compression, Caddy $version, routes: $routes', (caddy) => {
  let bed: Testbed;
  beforeAll(async () => {
    bed = await startTestbed(caddy);
  });
  afterAll(() => bed?.end());

  function serve(path: string, headers: Record<string, string>, body: string | Buffer = text): void {
    bed.server.on(path, (_, response) => response.writeHead(200, headers).end(body));
  }

  async function asked(path: string, accepted: string, port = bed.input.ports.app): Promise<IncomingMessage> {
    const headers = { Cookie: bed.cookie, 'Accept-Encoding': accepted };
    const [response] = await once(get({ host: '127.0.0.1', port, path, headers, agent: false }), 'response');
    return response;
  }

  test.each([
    ['/app/', 'text/html; charset=utf-8'],
    ['/app/assets/index.js', 'text/javascript; charset=utf-8'],
    ['/app/assets/index.css', 'text/css; charset=utf-8'],
    ['/app/logo.svg', 'image/svg+xml'],
    ['/api/workspaces', 'application/json; charset=utf-8'],
    ['/api/workspaces/web/activity', 'application/problem+json'],
  ])('%s is compressed as the browser can read it', async (path, type) => {
    serve(path, { 'Content-Type': type, ETag: 'W/"1"' });
    const [zstd, gzip, plain] = [await asked(path, all), await asked(path, 'gzip'), await asked(path, 'identity')];
    expect(zstdDecompressSync(await buffer(zstd)).toString()).toBe(text);
    expect(gunzipSync(await buffer(gzip)).toString()).toBe(text);
    expect((await buffer(plain)).toString()).toBe(text);
    expect([zstd, gzip, plain].map(({ headers }) => headers['content-encoding'])).toEqual(['zstd', 'gzip', undefined]);
    expect([zstd, gzip].map(({ headers }) => headers.vary)).toEqual(['Accept-Encoding', 'Accept-Encoding']);
  });

  test('what is unchanged is not sent again', async () => {
    const seen: unknown[] = [];
    bed.server.on('/app/kept.svg', (request, response) => {
      seen.push(request.headers['if-none-match']);
      const isKnown = request.headers['if-none-match'] === 'W/"1"';
      response.writeHead(isKnown ? 304 : 200, { 'Content-Type': 'image/svg+xml', ETag: 'W/"1"' });
      response.end(isKnown ? '' : text);
    });
    const first = await asked('/app/kept.svg', all);
    await buffer(first);
    const port = bed.input.ports.app;
    const headers = { Cookie: bed.cookie, 'Accept-Encoding': all, 'If-None-Match': String(first.headers.etag) };
    const [again] = await once(
      get({ host: '127.0.0.1', port, path: '/app/kept.svg', headers, agent: false }),
      'response',
    );
    expect([again.statusCode, (await buffer(again)).length]).toEqual([304, 0]);
    expect(seen).toEqual([undefined, 'W/"1"']);
  });

  test('what the server compressed already passes as it is', async () => {
    const body = brotliCompressSync(text);
    const own = { 'Content-Type': 'text/javascript', 'Content-Encoding': 'br', Vary: 'Accept-Encoding' };
    serve('/app/assets/own.js', own, body);
    const answer = await asked('/app/assets/own.js', all);
    expect(answer.headers).toMatchObject({ 'content-encoding': 'br', vary: 'Accept-Encoding' });
    expect(await buffer(answer)).toEqual(body);
  });

  test.each([
    ['/app/picture.png', 'image/png', text],
    ['/api/jobs', 'application/json', '{}'],
  ])('%s is not worth it', async (path, type, body) => {
    serve(path, { 'Content-Type': type }, body);
    const answer = await asked(path, all);
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect((await buffer(answer)).toString()).toBe(body);
  });

  test.each([
    ['/api/events', 'text/event-stream'],
    ['/api/workspaces/web/logs', 'application/x-ndjson'],
    // A mistake of the server's must not turn a stream into something that waits.
    ['/api/events', 'application/json'],
  ])('%s as %s: headers come at once, and each part when it is sent', async (path, type) => {
    const parts = Array.from({ length: 3 }, (_, index) => `data: ${index}\n\n`);
    const next = Promise.withResolvers<() => void>();
    bed.server.on(path, (_, response) => {
      response.writeHead(200, { 'Content-Type': type }).flushHeaders();
      next.resolve(() => void response.write(parts.shift()));
    });
    const answer = await asked(path, all);
    expect(answer.headers).not.toHaveProperty('content-encoding');
    const send = await next.promise;
    for (const part of [...parts]) {
      send();
      const [chunk] = await once(answer, 'data');
      expect(String(chunk)).toBe(part);
    }
    answer.destroy();
  });

  test('nothing of a workspace is touched', async () => {
    const application = await bed.upstream('first');
    application.on('/', (_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end(text));
    await bed.routes.replace('web', [{ port: 'ide', target: application.target, stripPrefix: true }], unguarded);
    const answer = await asked('/workspace/web/', all, bed.input.ports.workspace);
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect((await buffer(answer)).toString()).toBe(text);
  });
});
