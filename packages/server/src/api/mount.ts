/** Mounts every endpoint of the contract: parses what comes in by its schemas, calls its handler, sends what it returns. */
import { contract, type Endpoint, type EndpointName, TidepoolError } from '@tidepool/core';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Call, Handlers } from './handler.ts';
import { requestContext } from './idempotency.ts';
import { parseRequest } from './parse-request.ts';

export function mountContract(handlers: Handlers): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const [path, names] of Map.groupBy(endpointNames(), (name) => contract[name].path)) {
    const route = router.route(path);
    for (const name of names) route[verbs[contract[name].method]](serve(name, handlers));
    route.all(otherMethods(names.map((name) => contract[name].method)));
  }
  return router;
}

const verbs = { GET: 'get', POST: 'post', PATCH: 'patch', DELETE: 'delete' } as const;

function endpointNames(): EndpointName[] {
  return Object.keys(contract).filter((name): name is EndpointName => Object.hasOwn(contract, name));
}

function serve(name: EndpointName, handlers: Handlers): RequestHandler {
  const endpoint: Endpoint = contract[name];
  // One name indexes both the schemas that parse a call and the handler that takes it; the compiler cannot follow that
  // through a loop over names, so the link is stated here, and nowhere else.
  const handle: (call: Call<never>) => unknown = handlers[name];
  return async (request, response) => {
    const parts = await parseRequest(endpoint, request);
    const context = requestContext(endpoint, request, parts.body);
    const answer = await handle({ ...parts, context, request, response } as Call<never>);
    if (endpoint.response) sendJson(response, endpoint.status, answer);
  };
}

function sendJson(response: Response, status: number, answer: unknown): void {
  response.status(status).setHeader('Cache-Control', 'no-store');
  response.json(answer);
}

function otherMethods(methods: readonly string[]): RequestHandler {
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (request: Request, response: Response) => {
    response.setHeader('Allow', allow);
    if (request.method === 'OPTIONS') {
      response.status(204).end();
      return;
    }
    throw new TidepoolError('method_not_allowed', {
      detail: `${request.path} does not take ${request.method}.`,
      fields: [{ field: 'method', message: `Use one of ${allow}.` }],
    });
  };
}
