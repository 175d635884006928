/** The edge: params, query and body of a request, parsed by the endpoint's schemas; all that is wrong is said at once. */
import { type Endpoint, type FieldError, fieldErrors, plainMessage } from '@tidepool/core';
import type { Request } from 'express';
import { z } from 'zod';
import { invalidRequest } from './invalid-request.ts';
import { readJsonObject } from './json-body.ts';
import { queryEntries } from './query-entries.ts';

export interface Parts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

const nothing = z.strictObject({});

/** @throws TidepoolError `invalid_request` naming every field that is wrong; what `readJsonObject` throws */
export async function parseRequest(endpoint: Endpoint, request: Request): Promise<Parts> {
  const fields: FieldError[] = [];
  const parse = (schema: z.ZodType, value: unknown, root: string): unknown => {
    const parsed = schema.safeParse(value, { error: plainMessage });
    if (!parsed.success) fields.push(...fieldErrors(parsed.error, root));
    return parsed.data;
  };
  const params = parse(endpoint.params ?? nothing, { ...request.params }, 'params');
  const query = parse(endpoint.query ?? nothing, queryEntries(request.originalUrl), 'query');
  // The body is read even where the path is wrong already, so that one answer names everything.
  const object = await readJsonObject(request, { required: endpoint.body !== undefined });
  const body = parse(endpoint.body ?? nothing, object, 'body');
  if (fields.length > 0) throw invalidRequest(fields);
  return { params, query, body };
}
