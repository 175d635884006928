/** What Node's HTTP parser refuses never reaches Express; it is answered here, as problem+json too. */
import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { catalogue, type ErrorCode, problemContentType, TidepoolError, toProblem } from '@tidepool/core';
import type { Logger } from 'pino';
import { newRequestId } from './request-log.ts';

export function answerParserErrors(http: Server, log: Logger): void {
  const underWay = new WeakMap<Duplex, ServerResponse>();
  http.on('request', (request, response) => underWay.set(request.socket, response));
  // Expectations but `100-continue` mean nothing to us: the request is answered as if it had none.
  http.on('checkExpectation', (request, response) => http.emit('request', request, response));
  http.on('connect', (_request, socket) => refuse(socket, new TidepoolError('method_not_allowed')));
  http.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const answering = underWay.get(socket);
    // A second answer inside one that has begun would be read as part of it.
    if (error.code === 'ECONNRESET' || !socket.writable || (answering?.headersSent && !answering.writableFinished)) {
      socket.destroy();
      return;
    }
    const refusal = new TidepoolError(codeOf(error), {
      detail: 'The request is not HTTP as it should be, so it was not read.',
    });
    log.info({ requestId: refuse(socket, refusal), code: refusal.code, reason: error.code }, 'refused');
  });
}

function codeOf(error: NodeJS.ErrnoException): ErrorCode {
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  return error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_timeout' : 'invalid_request';
}

/** @returns the id it was given */
function refuse(socket: Duplex, error: TidepoolError): string {
  const requestId = newRequestId();
  const body = JSON.stringify(toProblem(error, requestId));
  const head = [
    `HTTP/1.1 ${catalogue[error.code].status} ${catalogue[error.code].title}`,
    `Content-Type: ${problemContentType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  return requestId;
}
