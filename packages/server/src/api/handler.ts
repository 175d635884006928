/** What a handler of the contract is: a function from the parsed parts of a request to the answer's JSON. */
import type { Contract, EndpointName, ResponseOf } from '@tidepool/core';
import type { RequestContext } from '@tidepool/db';
import type { Request, Response } from 'express';
import type { z } from 'zod';

type Parsed<Name extends EndpointName, Part extends 'params' | 'query' | 'body'> = Contract[Name] extends {
  readonly [Key in Part]: infer Schema extends z.ZodType;
}
  ? z.output<Schema>
  : Readonly<Record<string, never>>;

export interface Call<Name extends EndpointName> {
  readonly params: Parsed<Name, 'params'>;
  readonly query: Parsed<Name, 'query'>;
  readonly body: Parsed<Name, 'body'>;
  /** Who asks, with the `Idempotency-Key` where the endpoint honours one. */
  readonly context: RequestContext;
  /** For answers that are streams; the others return what they answer. */
  readonly request: Request;
  readonly response: Response;
}

/** An endpoint with a response schema returns that response; one without writes its stream itself. */
export type Handler<Name extends EndpointName> = (
  call: Call<Name>,
) => [ResponseOf<Name>] extends [never] ? Promise<void> | void : Promise<ResponseOf<Name>> | ResponseOf<Name>;

export type Handlers = { readonly [Name in EndpointName]: Handler<Name> };
