/** How one endpoint of the API is described. The server mounts it, clients are typed by it, OpenAPI is generated from it. */
import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface RequestLine {
  readonly method: Method;
  /** Express form: `/api/workspaces/:id`. */
  readonly path: string;
}

export interface Endpoint extends RequestLine {
  readonly summary: string;
  readonly description?: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** Status of the good answer. */
  readonly status: 200 | 202;
  /** The JSON of the good answer; absent where the answer is a stream. */
  readonly response?: z.ZodType;
  /** For an answer that is a stream. */
  readonly contentType?: 'text/event-stream' | 'application/x-ndjson';
  /** Whether `Idempotency-Key` is honoured. */
  readonly idempotent?: boolean;
  /** The codes it may answer with, beside those every endpoint has. */
  readonly errors: readonly ErrorCode[];
}

/** What every endpoint may answer with. */
export const commonErrors: readonly ErrorCode[] = [
  'invalid_request',
  'unauthenticated',
  'foreign_origin',
  'not_through_proxy',
  'method_not_allowed',
  'uri_too_long',
  'busy',
  'internal',
];

/** What an endpoint with a body may answer with besides. */
export const bodyErrors: readonly ErrorCode[] = ['invalid_json', 'body_too_large', 'unsupported_media_type'];
