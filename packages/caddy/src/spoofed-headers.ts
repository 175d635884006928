/** What only Caddy says: a client that says it too is not believed. */
import { proxyHeaders } from '@tidepool/core';
import type { HttpRoute } from './caddy-json.ts';

const names = [...Object.values(proxyHeaders), 'X-Forwarded-Prefix'];

/** First of all routes. Matched, for deleting six headers that are not there costs each request more than looking. */
export const dropSpoofedHeaders: HttpRoute = {
  match: names.map((name) => ({ header: { [name]: [] } })),
  handle: [{ handler: 'headers', request: { delete: names } }],
};
