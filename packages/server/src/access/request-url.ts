/** Refuses addresses that mean nothing: too long, not a path, broken escapes, NUL. */
import { TidepoolError } from '@tidepool/core';
import type { RequestHandler } from 'express';
import { invalidRequest } from '../api/invalid-request.ts';
import { isDecodable } from '../api/query-entries.ts';

const maxUrlLength = 8 * 1024;

export const checkUrl: RequestHandler = (request, _response, next) => {
  const { originalUrl } = request;
  if (originalUrl.length > maxUrlLength) {
    throw new TidepoolError('uri_too_long', { fields: [{ field: 'path', message: 'At most 8 KiB.' }] });
  }
  if (!originalUrl.startsWith('/')) {
    throw invalidRequest([{ field: 'path', message: 'It begins with "/".' }]);
  }
  const [path = ''] = originalUrl.split('?', 1);
  if (!isDecodable(path)) {
    throw invalidRequest([
      { field: 'path', message: 'Write special characters as "%" and two hexadecimal digits, in UTF-8.' },
    ]);
  }
  next();
};
