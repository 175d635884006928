/** Caddy's admin endpoint: https://caddyserver.com/docs/api. A connection per call, for a reload closes idle ones. */
import { adminSocketHost, TidepoolError } from '@tidepool/core';
import { Client } from 'undici';

/** Milliseconds. Caddy answers a load of the base config in about 10, a change of a thousand routes in about 50. */
const deadline = 3000;
/** Bytes of an answer. A thousand workspaces with all their ports take about one and a half million. */
const mostBytes = 64 * 2 ** 20;

export interface AdminRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly json?: string;
  /** Carried out only where the part of the config that the mark came from is still the same; else 412. */
  readonly ifMatch?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface AdminAnswer {
  readonly status: number;
  readonly text: string;
  /** Of what was read: `"<path> <hash>"`, quotes and all. */
  readonly etag: string | null;
}

/**
 * @param address `unix//ABSOLUTE/PATH` or `127.0.0.1:PORT`
 * @throws TidepoolError `proxy_unavailable`, passing where nothing answered in 3 s, not where Caddy refused
 */
export async function askAdmin(address: string, request: AdminRequest): Promise<string> {
  const answer = await exchange(address, request);
  if (answer.status !== 200) throw refusal(request, answer);
  return answer.text;
}

/** Any answer is one. @throws TidepoolError `proxy_unavailable`, passing, where there is none in 3 s */
export async function exchange(address: string, request: AdminRequest): Promise<AdminAnswer> {
  const limits = [AbortSignal.timeout(deadline), ...(request.signal ? [request.signal] : [])];
  const signal = AbortSignal.any(limits);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await exchangeOnce(address, request, signal);
    } catch (cause) {
      request.signal?.throwIfAborted();
      if (attempt < mostAttempts && isHangUp(cause)) continue;
      throw new TidepoolError('proxy_unavailable', {
        detail: `Caddy's admin endpoint at ${address} does not answer.`,
        passing: true,
        cause,
      });
    }
  }
}

/**
 * Each change of the config gives the endpoint a new server, and whoever had just connected to the old one is hung up on
 * without a word (seen on 2.11.7). To ask again harms nothing: a change that was made all the same is found made, or its
 * condition no longer holds.
 */
const mostAttempts = 10;

function isHangUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && hangUps.some((code) => code === error.code);
}

const hangUps = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'];

async function exchangeOnce(address: string, request: AdminRequest, signal: AbortSignal): Promise<AdminAnswer> {
  const { method, path, json, ifMatch } = request;
  const { url, socketPath } = placeOf(address);
  const client = new Client(url, { maxResponseSize: mostBytes, ...(socketPath === null ? {} : { socketPath }) });
  try {
    const response = await client.request({
      method,
      path,
      headers: {
        // `enforce_origin` refuses a request without one, on a socket too (tried on 2.6.2 and 2.11.7).
        origin: url,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      },
      body: json ?? null,
      signal,
    });
    const text = await response.body.text();
    // A header on 2.11.7, a trailer on 2.6.2.
    const etag = response.headers.etag ?? response.trailers.etag;
    return { status: response.statusCode, text, etag: typeof etag === 'string' ? etag : null };
  } finally {
    await client.destroy();
  }
}

export function refusal({ method, path }: AdminRequest, { status, text }: AdminAnswer): TidepoolError {
  return new TidepoolError('proxy_unavailable', {
    detail: `Caddy answered ${status} to ${method} ${path}: ${text.trim().slice(0, 2000)}`,
  });
}

function placeOf(address: string): { url: string; socketPath: string | null } {
  if (address.startsWith('unix/'))
    return { url: `http://${adminSocketHost}`, socketPath: address.slice('unix/'.length) };
  return { url: `http://${address}`, socketPath: null };
}
