/** The query of a URL as one value per name: a name twice, broken escapes and NUL are refused, not guessed at. */
import type { TidepoolError } from '@tidepool/core';
import { invalidRequest } from './invalid-request.ts';

/** @throws TidepoolError `invalid_request` */
export function queryEntries(url: string): Record<string, string> {
  const start = url.indexOf('?');
  const search = start < 0 ? '' : url.slice(start + 1);
  if (!isDecodable(search)) throw refused('query', 'Write special characters as "%" and two hexadecimal digits.');
  const entries = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    if (entries.has(name)) throw refused(`query.${name}`, 'Give it once.');
    entries.set(name, value);
  }
  return Object.fromEntries(entries);
}

/** Whether every `%` begins an escape, the escapes are UTF-8, and none is NUL. */
export function isDecodable(text: string): boolean {
  try {
    return !decodeURIComponent(text).includes('\0');
  } catch {
    return false;
  }
}

function refused(field: string, message: string): TidepoolError {
  return invalidRequest([{ field: field.slice(0, 100), message }]);
}
