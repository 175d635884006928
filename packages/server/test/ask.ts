/** One HTTP request as Caddy would pass it on, with every header as given: fetch would add and forbid some. */
import http from 'node:http';
import { proxyHeaders } from '@tidepool/core';

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON. */
  json(): unknown;
}

export interface Question {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  /** An object is sent as JSON; text and bytes as they are. */
  readonly body?: object | string | Buffer;
  readonly listener?: 'app' | 'workspace';
  readonly auth?: 'basic' | 'session' | 'none';
}

export type Ask = (path: string, question?: Question) => Promise<Answer>;

export function createAsk(port: number, secret: string): Ask {
  return (path, question = {}) =>
    new Promise((resolve, reject) => {
      const { body } = question;
      const asJson = typeof body === 'object' && !Buffer.isBuffer(body);
      const bytes = Buffer.from(asJson ? JSON.stringify(body) : (body ?? ''));
      const chunked = question.headers?.['transfer-encoding'] !== undefined;
      const headers: http.OutgoingHttpHeaders = {
        host: 'localhost:8080',
        [proxyHeaders.secret]: secret,
        [proxyHeaders.listener]: question.listener ?? 'app',
        [proxyHeaders.auth]: question.auth ?? 'basic',
        ...(asJson ? { 'content-type': 'application/json' } : {}),
        // Node adds no length to the body of a GET or DELETE by itself.
        ...(body === undefined || chunked ? {} : { 'content-length': bytes.length }),
        ...question.headers,
      };
      const request = http.request({ host: '127.0.0.1', port, path, method: question.method ?? 'GET', headers });
      request.on('error', reject);
      request.on('response', async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: () => JSON.parse(text),
        });
      });
      request.end(
        body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      );
    });
}
