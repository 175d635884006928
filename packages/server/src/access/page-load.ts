/** Which requests are a person's browser going to a page, as `proxy.md` defines it for Caddy too. */
import type { Request } from 'express';

/** A GET with `Sec-Fetch-Mode: navigate`, or, where that header is absent (plain-http LAN names), `text/html` in `Accept`. */
export function isPageLoad(request: Pick<Request, 'get' | 'method'>): boolean {
  return request.method === 'GET' && wantsPage(request);
}

/** The same for any method: a form's POST, a HEAD. */
export function wantsPage(request: Pick<Request, 'get'>): boolean {
  const mode = request.get('sec-fetch-mode');
  if (mode !== undefined) return mode === 'navigate';
  return (request.get('accept') ?? '').toLowerCase().includes('text/html');
}
