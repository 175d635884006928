/**
 * Incus over its REST API, on its unix socket or by HTTPS with a client certificate. What it answers is parsed; an
 * asynchronous change is waited for. https://linuxcontainers.org/incus/docs/main/rest-api/
 */
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type IncusPlace, TidepoolError } from '@tidepool/core';
import { Agent } from 'undici';
import WebSocket from 'ws';
import { z } from 'zod';
import { IncusError, noBridge, unreachable, withoutBridge } from './incus-error.ts';
import { ended, envelope } from './replies.ts';

/** Milliseconds for an answer that needs no waiting. An update of the bridge takes most: it starts its dnsmasq anew. */
const answerDeadline = 30_000;
/** Operations live in the daemon's memory and end with it, in order or not. */
const endsWithDaemon = /^Operation not found$|context canceled|is shutting down|database is closed|signal: killed/i;

export interface Found<T> {
  readonly value: T;
  /** For `ifMatch`; null where Incus gives none. */
  readonly etag: string | null;
}

export interface Change {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly json?: unknown;
  /** Instead of `json`: an image or a file, as it is. */
  readonly upload?: { readonly stream: Readable; readonly headers: Readonly<Record<string, string>> };
  /** Only if the thing is still as it was when this was its ETag; else an `IncusError` with status 412. */
  readonly ifMatch?: string | null;
}

type Request = Change | { readonly method: 'GET'; readonly path: string };

export interface IncusClient {
  readonly place: IncusPlace;
  /** @throws IncusError; `runtime_missing`, `runtime_forbidden`, `runtime_unavailable` (passing) */
  read<Schema extends z.ZodType>(path: string, schema: Schema, signal: AbortSignal): Promise<Found<z.infer<Schema>>>;
  /** As `read`; null where there is no such thing. */
  find<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    signal: AbortSignal,
  ): Promise<Found<z.infer<Schema>> | null>;
  /** Text as it is: a log. @throws as `read` */
  text(path: string, signal: AbortSignal): Promise<string>;
  /** Asks for a change and waits until it is done; gives what the answer or the operation says. @throws as `read` */
  change(change: Change, signal: AbortSignal): Promise<unknown>;
  /** Asks for a change and gives its operation's path at once. @throws as `read` */
  begin(change: Change, signal: AbortSignal): Promise<{ readonly operation: string; readonly metadata: unknown }>;
  /** Waits for the end of an operation; gives what it says. @throws IncusError with its failure; as `read` */
  wait(operation: string, signal: AbortSignal): Promise<unknown>;
  /** Opens a WebSocket; errors come as its own. `autoPong`: whether it answers pings, true unless told otherwise. */
  socket(path: string, options?: { readonly autoPong: boolean }): WebSocket;
  close(): Promise<void>;
}

export function createIncusClient(place: IncusPlace): IncusClient {
  const tls = place.kind === 'https' ? tlsOptions(place) : {};
  const origin = place.kind === 'unix' ? 'http://incus' : place.url;
  // Waiting for an operation is one long answer: its caller's signal is the limit.
  const agent = new Agent({
    connect: place.kind === 'unix' ? { socketPath: place.socket } : { ...tls, timeout: 10_000 },
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  const ask = async (request: Request, signal: AbortSignal, deadline: number | null) => {
    signal.throwIfAborted();
    const limits = deadline === null ? [signal] : [signal, AbortSignal.timeout(deadline)];
    const { json, upload, ifMatch } = { json: undefined, upload: undefined, ifMatch: null, ...request };
    try {
      const response = await agent.request({
        origin,
        method: request.method,
        path: request.path,
        signal: AbortSignal.any(limits),
        headers: {
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...(ifMatch === null ? {} : { 'if-match': ifMatch }),
          ...upload?.headers,
        },
        body: upload?.stream ?? (json === undefined ? null : JSON.stringify(json)),
      });
      const etag = response.headers.etag;
      return {
        status: response.statusCode,
        etag: typeof etag === 'string' ? etag : null,
        text: await response.body.text(),
      };
    } catch (cause) {
      signal.throwIfAborted();
      throw unreachable(place, cause);
    }
  };

  const answer = async (request: Request, signal: AbortSignal, deadline: number | null) => {
    const { status, etag, text } = await ask(request, signal, deadline);
    const parsed = envelope.safeParse(asJson(text));
    if (!parsed.success) {
      throw new TidepoolError('runtime_unavailable', {
        detail: `What answers at the address of Incus is not Incus: ${status} to ${request.method} ${request.path}.`,
      });
    }
    if (parsed.data.type !== 'error') return { ...parsed.data, etag };
    // The failure of an operation comes with status 200.
    throw refused(place, parsed.data.error_code, parsed.data.error);
  };

  const read: IncusClient['read'] = async (path, schema, signal) => {
    const { metadata, etag } = await answer({ method: 'GET', path }, signal, answerDeadline);
    const parsed = schema.safeParse(metadata);
    if (parsed.success) return { value: parsed.data, etag };
    const detail = `Incus answers GET ${path} in a form that is not known here: ${z.prettifyError(parsed.error)}`;
    throw new TidepoolError('runtime_unavailable', { detail });
  };

  const begin: IncusClient['begin'] = async (change, signal) => {
    const begun = await answer(change, signal, change.upload ? null : answerDeadline);
    return { operation: begun.type === 'async' ? begun.operation : '', metadata: begun.metadata };
  };

  const wait: IncusClient['wait'] = async (path, signal) => {
    const { metadata } = await answer({ method: 'GET', path: `${path}/wait` }, signal, null);
    return ended.parse(metadata).metadata;
  };

  return {
    place,
    read,
    begin,
    wait,
    async find(path, schema, signal) {
      try {
        return await read(path, schema, signal);
      } catch (error) {
        if (error instanceof IncusError && error.status === 404) return null;
        throw error;
      }
    },
    async text(path, signal) {
      const { status, text } = await ask({ method: 'GET', path }, signal, answerDeadline);
      if (status === 200) return text;
      const parsed = envelope.safeParse(asJson(text));
      throw refused(place, status, parsed.data?.type === 'error' ? parsed.data.error : text.slice(0, 200));
    },
    async change(change, signal) {
      const begun = await begin(change, signal);
      return begun.operation === '' ? begun.metadata : wait(begun.operation, signal);
    },
    socket(path, options) {
      if (place.kind === 'unix') return new WebSocket(`ws+unix://${place.socket}:${path}`, options);
      return new WebSocket(`${place.url.replace(/^http/, 'ws')}${path}`, { ...tls, ...options });
    },
    close: () => agent.destroy(),
  };
}

/** Incus makes its certificate itself: that one is trusted, whatever name it bears, and no other. */
function tlsOptions({ cert, key, serverCert }: Extract<IncusPlace, { kind: 'https' }>) {
  const pem = (path: string) => {
    try {
      return readFileSync(path, 'utf8');
    } catch (cause) {
      const detail = `The certificate or key ${path} for Incus cannot be read.`;
      throw new TidepoolError('invalid_config', { detail, fix: 'Correct the path, see docs/incus.md.', cause });
    }
  };
  return { cert: pem(cert), key: pem(key), ca: pem(serverCert), checkServerIdentity: () => undefined };
}

function refused(place: IncusPlace, status: number, message: string): Error {
  if (status === 401 || status === 403) {
    return new TidepoolError('runtime_forbidden', { detail: `Incus refuses this client: ${message}.` });
  }
  if (withoutBridge.test(message)) return noBridge(new IncusError(status, message));
  // On its way down or up.
  if (status === 503 || endsWithDaemon.test(message)) return unreachable(place, new Error(message));
  return new IncusError(status, message);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told apart by the schema.
    return undefined;
  }
}
