/** The typed client of the API, derived from the contract. Errors arrive as `ApiError` with the whole problem document. */
import type { z } from 'zod';
import type { Contract, EndpointName } from './contract.ts';
import type { RequestLine } from './endpoint.ts';
import { isOfProxy, mediaTypeOf } from './foreign-answer.ts';
import type { Problem } from './problem.ts';
import { requestLines } from './request-lines.ts';

type Part<E, Key extends string, Name extends string> = E extends { readonly [K in Key]: infer S extends z.ZodType }
  ? { readonly [N in Name]: z.input<S> }
  : unknown;
type Optional<E, Key extends string, Name extends string> = E extends { readonly [K in Key]: infer S extends z.ZodType }
  ? { readonly [N in Name]?: z.input<S> }
  : unknown;

/** `params`, `query` and `body` of an endpoint, as the caller writes them. */
export type RequestOf<Name extends EndpointName> = Part<Contract[Name], 'params', 'params'> &
  Part<Contract[Name], 'body', 'body'> &
  Optional<Contract[Name], 'query', 'query'> & {
    readonly idempotencyKey?: string;
    readonly signal?: AbortSignal;
  };

export type ResponseOf<Name extends EndpointName> = Contract[Name] extends {
  readonly response: infer S extends z.ZodType;
}
  ? z.output<S>
  : never;

interface AnyRequest {
  readonly params?: object | undefined;
  readonly query?: object | undefined;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export type Client = <Name extends EndpointName>(name: Name, request: RequestOf<Name>) => Promise<ResponseOf<Name>>;

/** An answer that is a problem document; or, with status 0, no answer at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.status = problem.status;
    this.problem = problem;
  }
}

export interface ClientOptions {
  /** Such as `http://localhost:8080`; empty for the page's own origin. */
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: typeof globalThis.fetch;
}

export function createClient({ baseUrl, headers = {}, fetch = globalThis.fetch }: ClientOptions): Client {
  return async (name, request) => {
    const line: RequestLine = requestLines[name];
    const { params, query, body, idempotencyKey, signal }: AnyRequest = request;
    const { ok, status, type, text } = await reach(async () => {
      const response = await fetch(`${baseUrl}${urlOf(line, { params, query })}`, {
        method: line.method,
        headers: {
          accept: 'application/json',
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
      // Here, because a server may end in the middle of its answer.
      const type = mediaTypeOf(response.headers);
      return { ok: response.ok, status: response.status, type, text: await response.text() };
    });
    if (!ok) throw new ApiError(await readProblem(status, type, text));
    // The server validates what it sends against the same schema in its tests; parsing here drops nothing and costs a page its speed.
    return readJson(status, type, text) as ResponseOf<typeof name>;
  };
}

/** The path and query of a request: `/api/workspaces/foo/ports?limit=5`. */
export function urlOf(line: RequestLine, request: Pick<AnyRequest, 'params' | 'query'>): string {
  const params = new Map(Object.entries(request.params ?? {}));
  const path = line.path.replace(/:([a-z]+)/gi, (_, key: string) => encodeURIComponent(String(params.get(key))));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) query.set(key, String(value));
  }
  const search = query.toString();
  return search === '' ? path : `${path}?${search}`;
}

async function reach<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    const offline: Problem = {
      type: 'urn:tidepool:error:unreachable',
      title: 'Tidepool does not answer',
      status: 0,
      code: 'unreachable',
      detail: 'Tidepool does not answer.',
      fields: [],
      fix: 'See whether `npm start` is still running on the host, then try again.',
    };
    throw new ApiError(offline, { cause });
  }
}

function readJson(status: number, type: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ApiError(otherAnswer(status, type), { cause });
  }
}

/** What is no problem document (a proxy's own page) becomes one. Its schema is fetched when it is needed: most pages start without. */
async function readProblem(status: number, type: string, text: string): Promise<Problem> {
  try {
    const { problem } = await import('./problem.ts');
    return problem.parse(JSON.parse(text));
  } catch {
    if (status !== 401) return otherAnswer(status, type);
    return {
      type: 'about:blank',
      title: `HTTP ${status}`,
      status,
      code: 'unauthenticated',
      detail: 'The user or the password is not right.',
      fields: [],
      fix: 'Sign in again.',
    };
  }
}

/** Of a proxy that cannot reach Tidepool, which passes; or of something else in its place, as where a network asks for a sign-in. */
function otherAnswer(status: number, type: string): Problem {
  const isPassing = isOfProxy(status);
  return {
    type: 'about:blank',
    title: isPassing ? `HTTP ${status}` : 'Something else answered',
    status,
    code: isPassing ? 'unexpected_answer' : 'intercepted',
    detail: isPassing
      ? `Something answered ${status} in place of Tidepool.`
      : `Something between here and Tidepool answered in its place: ${status}, ${type}.`,
    fields: [],
    fix: isPassing
      ? 'Try again in a moment.'
      : 'See whether the address is right, and whether this network asks you to sign in. Then try again.',
  };
}
