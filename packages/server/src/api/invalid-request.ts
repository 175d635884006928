/** The refusal of a request whose fields are wrong: it names each, and says the first ones in its sentence. */
import { type FieldError, TidepoolError } from '@tidepool/core';

export function invalidRequest(fields: readonly FieldError[]): TidepoolError {
  const named = fields.slice(0, 3).map(({ field, message }) => `${field}: ${message.replace(/\.$/, '')}`);
  return new TidepoolError('invalid_request', { detail: `${named.join('; ')}.`, fields: fields.slice(0, 50) });
}
