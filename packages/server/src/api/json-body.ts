/** Reads a body: at most 1 MiB of UTF-8 that is one JSON object. */
import type { IncomingMessage } from 'node:http';
import { TidepoolError } from '@tidepool/core';

export const maxBodyBytes = 1024 * 1024;

/**
 * @returns an empty object where there is no body and none is required
 * @throws TidepoolError `unsupported_media_type`, `body_too_large`, `invalid_json`
 */
export async function readJsonObject(
  request: IncomingMessage,
  { required }: { readonly required: boolean },
): Promise<object> {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  if (hasBody) refuseOtherTypes(request);
  const bytes = hasBody ? await readAll(request) : Buffer.alloc(0);
  if (bytes.length > 0) return parseObject(bytes);
  if (required) throw invalidJson('The body is missing.');
  return {};
}

function refuseOtherTypes({ headers }: IncomingMessage): void {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const utf8 = parameters.every((parameter) => /^\s*(charset\s*=\s*"?utf-?8"?\s*)?$/.test(parameter));
  if (type.trim() !== 'application/json' || !utf8) {
    throw unsupported('header.Content-Type', 'It must be "application/json", in UTF-8.');
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw unsupported('header.Content-Encoding', 'Send the body as it is, not compressed.');
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Not destroyed on an early end: the refusal still has to reach the sender.
  const iterator: AsyncIterable<Uint8Array> = request.iterator({ destroyOnReturn: false });
  try {
    for await (const chunk of iterator) {
      size += chunk.length;
      if (size > maxBodyBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } finally {
    // Node drops the rest of a body that nobody began to read, not of one read in part; unread, it would stand before the
    // next request of this connection, which Caddy uses for others.
    request.resume();
  }
  return Buffer.concat(chunks, size);
}

function parseObject(bytes: Buffer): object {
  const text = decode(bytes);
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidJson('The body is JSON, but not an object.');
  }
  return value;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalidJson('The body is not UTF-8.', cause);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidJson('The body is not valid JSON.', cause);
  }
}

function invalidJson(detail: string, cause?: unknown): TidepoolError {
  return new TidepoolError('invalid_json', { detail, fields: [{ field: 'body', message: detail }], cause });
}

function tooLarge(): TidepoolError {
  return new TidepoolError('body_too_large', { fields: [{ field: 'body', message: 'At most 1 MiB.' }] });
}

function unsupported(field: string, message: string): TidepoolError {
  return new TidepoolError('unsupported_media_type', { fields: [{ field, message }] });
}
