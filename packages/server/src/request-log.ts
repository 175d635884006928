/** Gives each request its id and logs it once, when its answer is done. */
import { randomBytes } from 'node:crypto';
import { TidepoolError, toProblem } from '@tidepool/core';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';

const header = 'X-Request-Id';

export interface RequestLog {
  readonly middleware: RequestHandler;
  /** Notes why the request failed, for its one line. */
  failed(response: Response, error: unknown): void;
}

export function createRequestLog(log: Logger): RequestLog {
  const failures = new WeakMap<Response, unknown>();
  return {
    middleware: (request, response, next) => {
      response.setHeader(header, newRequestId());
      const startedAt = performance.now();
      // `close` comes after the last byte, and also where the client went away first.
      response.once('close', () => {
        const line = { ...lineOf(request, response), ms: Math.round(performance.now() - startedAt) };
        const failure = failures.get(response);
        if (failure === undefined) log[safe.has(request.method) ? 'debug' : 'info'](line, 'answered');
        else logFailure(log, line, failure);
      });
      next();
    },
    failed: (response, error) => {
      failures.set(response, error ?? new Error('nothing was thrown'));
    },
  };
}

/** `req_` and 72 random bits: short enough to quote. */
export function newRequestId(): string {
  return `req_${randomBytes(9).toString('base64url')}`;
}

export function requestIdOf(response: Response): string {
  return String(response.getHeader(header));
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

function lineOf(request: Request, response: Response): Record<string, unknown> {
  // Queries may hold what a person searched for; the path is enough to find the request.
  const [path = ''] = request.originalUrl.split('?', 1);
  return {
    requestId: requestIdOf(response),
    method: request.method,
    path: path.slice(0, 500),
    status: response.statusCode,
  };
}

function logFailure(log: Logger, line: Record<string, unknown>, failure: unknown): void {
  const { status, code, detail } = toProblem(failure);
  if (failure instanceof TidepoolError && status < 500) log.info({ ...line, code, detail }, 'refused');
  else if (line.status !== 500) log.warn({ ...line, code, err: failure }, 'failed');
  else log.error({ ...line, code, err: failure }, 'failed');
}
