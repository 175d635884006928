/** Caddy's admin endpoint: https://caddyserver.com/docs/api. A connection per call, for a reload closes idle ones. */
import { adminSocketHost, TidepoolError } from '@tidepool/core';
import { Client } from 'undici';

/** Milliseconds. Caddy answers a load of the base config in about 10. */
const deadline = 3000;

export interface AdminRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly json?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @param address `unix//ABSOLUTE/PATH` or `127.0.0.1:PORT`
 * @throws TidepoolError `proxy_unavailable`, passing where nothing answered in 3 s, not where Caddy refused
 */
export async function askAdmin(address: string, { method, path, json, signal }: AdminRequest): Promise<string> {
  const { url, socketPath } = placeOf(address);
  const client = new Client(url, socketPath === null ? {} : { socketPath });
  const limits = [AbortSignal.timeout(deadline), ...(signal ? [signal] : [])];
  try {
    const response = await client.request({
      method,
      path,
      // `enforce_origin` refuses a request without one, on a socket too (tried on 2.6.2 and 2.11.7).
      headers: { origin: url, ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
      body: json ?? null,
      signal: AbortSignal.any(limits),
    });
    const text = await response.body.text();
    if (response.statusCode === 200) return text;
    throw new TidepoolError('proxy_unavailable', {
      detail: `Caddy answered ${response.statusCode} to ${method} ${path}: ${text.trim().slice(0, 500)}`,
    });
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof TidepoolError) throw cause;
    throw new TidepoolError('proxy_unavailable', {
      detail: `Caddy's admin endpoint at ${address} does not answer.`,
      passing: true,
      cause,
    });
  } finally {
    await client.destroy();
  }
}

function placeOf(address: string): { url: string; socketPath: string | null } {
  if (address.startsWith('unix/'))
    return { url: `http://${adminSocketHost}`, socketPath: address.slice('unix/'.length) };
  return { url: `http://${address}`, socketPath: null };
}
