/** Answers with a page where a browser goes to one, else with the same in plain text. */
import type { Request, Response } from 'express';
import { isListener } from '../access/guard.ts';
import { wantsPage } from '../access/page-load.ts';
import { type Page, renderPage, renderText } from './page.ts';
import { pageSecurityPolicy } from './style.ts';

export function sendPage(request: Request, response: Response, page: Page): void {
  const framed = isListener(request, 'workspace');
  response.status(page.status);
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Security-Policy', pageSecurityPolicy(framed ? 'self' : 'none'));
  response.setHeader('X-Frame-Options', framed ? 'SAMEORIGIN' : 'DENY');
  // Whether it is a page or text depends on these.
  response.setHeader('Vary', 'Accept, Sec-Fetch-Mode');
  if (page.retryAfter !== undefined) response.setHeader('Retry-After', String(page.retryAfter));
  const asPage = wantsPage(request);
  response.setHeader('Content-Type', asPage ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8');
  response.end(request.method === 'HEAD' ? undefined : asPage ? renderPage(page) : renderText(page));
}
