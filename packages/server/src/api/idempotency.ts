/** Who asks, and how a repeated request is known: `Idempotency-Key` with a hash of what was asked. */
import { createHash } from 'node:crypto';
import type { Endpoint } from '@tidepool/core';
import type { RequestContext } from '@tidepool/db';
import type { Request } from 'express';
import { invalidRequest } from './invalid-request.ts';

/** @throws TidepoolError `invalid_request` where the key is not 1 to 200 visible characters */
export function requestContext(endpoint: Endpoint, request: Request, body: unknown): RequestContext {
  const key = request.headers['idempotency-key'];
  if (!endpoint.idempotent || key === undefined) return { actor: 'user' };
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw invalidRequest([{ field: 'header.Idempotency-Key', message: 'Use 1 to 200 visible characters.' }]);
  }
  return { actor: 'user', idempotency: { key, bodyHash: hashOf(request.method, request.path, body) } };
}

/** `body` is what the schema made of it: its keys stand in the schema's order, so equal requests give equal text. */
function hashOf(method: string, path: string, body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([method, path, body ?? null]))
    .digest('hex');
}
