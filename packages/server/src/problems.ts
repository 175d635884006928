/** Makes every error an answer, and has it logged: problem+json, or a page where a browser goes to one. */
import { problemContentType, TidepoolError, toProblem } from '@tidepool/core';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { isPageLoad } from './access/page-load.ts';
import { problemPage } from './pages/app-pages.ts';
import { sendPage } from './pages/send-page.ts';
import { type RequestLog, requestIdOf } from './request-log.ts';

export const unknownRoute: RequestHandler = (request) => {
  throw new TidepoolError('unknown_route', {
    detail: `There is no ${pathOf(request.originalUrl).slice(0, 200)}.`,
    fields: [{ field: 'path', message: 'Unknown.' }],
  });
};

/** Whole, also below a mounted router, where `path` lacks the mount's part. */
function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url;
}

export function answerProblems(requestLog: RequestLog): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown, request, response, _next) => {
    requestLog.failed(response, thrown);
    if (request.destroyed && !request.complete) return;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const document = toProblem(known(thrown), requestIdOf(response));
    response.setHeader('Cache-Control', 'no-store');
    if (document.status === 503) response.setHeader('Retry-After', '1');
    if (isPageLoad(request) && !request.path.startsWith('/api/')) {
      sendPage(request, response, problemPage(document));
      return;
    }
    response.status(document.status).setHeader('Content-Type', problemContentType);
    response.end(request.method === 'HEAD' ? undefined : JSON.stringify(document));
  };
}

/** Express and its static files throw errors with a status: the caller's mistakes among them are no mistakes of ours. */
function known(thrown: unknown): unknown {
  if (thrown instanceof TidepoolError || !(thrown instanceof Error) || !('status' in thrown)) return thrown;
  if (thrown.status === 404 || thrown.status === 403) return new TidepoolError('unknown_route', { cause: thrown });
  if (thrown.status === 400) {
    return new TidepoolError('invalid_request', {
      fields: [{ field: 'path', message: 'It cannot be read.' }],
      cause: thrown,
    });
  }
  return thrown;
}
