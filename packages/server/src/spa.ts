/** The SPA at `/app/`: its built files, and `index.html` for every address that its own router knows. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TidepoolError } from '@tidepool/core';
import express, { type RequestHandler, type Response, Router } from 'express';
import { requireListener, requireSignIn } from './access/guard.ts';
import { isPageLoad } from './access/page-load.ts';
import { appMissingPage } from './pages/app-pages.ts';
import { sendPage } from './pages/send-page.ts';
import { appSignIn, type SignInParts, sessionForPageLoads } from './sign-in.ts';

/** React sets styles through the object model, which `style-src` does not touch; icons are masks in `data:` URLs. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export function spa(parts: SignInParts & { readonly directory: string }): Router {
  const { directory } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  router.use('/app', requireListener('app'), requireSignIn);
  router.use(appSignIn(parts));
  router.use('/app', readOnly, sessionForPageLoads(parts));
  router.get('/app', (_request, response) => response.redirect(308, '/app/'));
  router.use('/app', express.static(directory, { index: false, redirect: false, etag: true, setHeaders }));
  router.get('/app/{*path}', (request, response) => {
    const index = join(directory, 'index.html');
    if (!isPageLoad(request) && request.path !== '/app/') throw new TidepoolError('unknown_route');
    if (!existsSync(index)) return sendPage(request, response, appMissingPage);
    setHeaders(response, index);
    response.sendFile(index);
  });
  return router;
}

const readOnly: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') return next();
  response.setHeader('Allow', 'GET, HEAD');
  throw new TidepoolError('method_not_allowed');
};

function setHeaders(response: Response, file: string): void {
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin-allow-popups');
  // Vite puts a content hash into the names of everything below assets/.
  const hashed = file.includes('/assets/');
  response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}
