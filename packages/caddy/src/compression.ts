/**
 * Compression on the app origin: what the page is made of, and JSON. What the server sends compressed (the page's scripts, in
 * Brotli) passes as it is. Streams never meet the `encode` handler, for it holds back headers and events until it has enough
 * to compress (2.6.2 to 2.11.7); nor does the workspace origin, where an application's bytes are its own.
 */
import { contract, type Endpoint } from '@tidepool/core';
import type { HttpRoute } from './caddy-json.ts';

/** Bytes: below, one packet carries it anyway. */
const worthwhile = 1024;

export const compressed: HttpRoute = {
  match: [{ path: ['/app/*', '/api/*'], not: [{ path: streams() }] }],
  handle: [
    {
      handler: 'encode',
      encodings: { gzip: {}, zstd: {} },
      prefer: ['zstd', 'gzip'],
      minimum_length: worthwhile,
      match: {
        headers: {
          'Content-Type': [
            'application/json*',
            'application/problem+json*',
            'image/svg+xml*',
            'text/css*',
            'text/html*',
            'text/javascript*',
          ],
        },
      },
    },
  ],
};

/** As patterns of Caddy's `path` matcher, in which `*` stands for one part. */
function streams(): string[] {
  const endpoints: readonly Endpoint[] = Object.values(contract);
  return endpoints
    .filter(({ contentType }) => contentType !== undefined)
    .map(({ path }) => path.replaceAll(/:[A-Za-z]+/g, '*'));
}
