/** The SPA at `/app/`: its built files, those with a Brotli copy in Brotli, and `index.html` for every address of its router. */
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
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
  const files = express.static(directory, { index: false, redirect: false, setHeaders });
  router.use('/app', brotliFirst(files), files);
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

/** The build lays `<file>.br` beside each hashed text. What has none is served as it is, and Caddy compresses it. */
function brotliFirst(files: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (!request.path.startsWith('/assets/') || !request.acceptsEncodings('br')) return next();
    const { url } = request;
    request.url = `${request.path}.br`;
    return files(request, response, (error?: unknown) => {
      request.url = url;
      next(error);
    });
  };
}

function setHeaders(response: Response, file: string): void {
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin-allow-popups');
  if (extname(file) === '.br') {
    response.setHeader('Content-Encoding', 'br');
    response.vary('Accept-Encoding');
    response.type(extname(file.slice(0, -'.br'.length)));
  }
  response.setHeader('Cache-Control', cacheControl(file));
}

/** Vite puts a content hash into the names of everything below assets/. The page that names them is never kept. */
function cacheControl(file: string): string {
  if (basename(dirname(file)) === 'assets') return 'public, max-age=31536000, immutable';
  return extname(file) === '.html' ? 'no-store' : 'no-cache';
}
