/**
 * The embedded SQS server: `fauxqs` in memory, behind a listener of our own on 127.0.0.1. fauxqs never listens itself:
 * it would serve S3 and SNS too, looks for due messages every 20 ms while a receive waits, and keeps on waiting for a
 * receiver that has gone, whose message is then hidden from everyone for the visibility time. So waiting is done here.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { TidepoolError } from '@tidepool/core';
import type { Logger } from 'pino';
import { z } from 'zod';
import { createReceive } from './embedded-receive.ts';
import { type EngineCall, startEngine } from './engine.ts';

export interface EmbeddedQueue {
  readonly endpoint: string;
  close(): Promise<void>;
}

export interface EmbeddedQueueOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Logger;
}

/** @throws TidepoolError `queue_unavailable`, not passing, where the port cannot be had */
export async function startEmbeddedQueue({ port, log }: EmbeddedQueueOptions): Promise<EmbeddedQueue> {
  const engine = await startEngine();
  const receive = createReceive(engine);
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'a request to the queue failed');
      response.destroy();
    });
  });
  // Longer than a client keeps an idle connection, so that none is closed under a request.
  server.keepAliveTimeout = 120_000;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = whyRefused(request);
    if (refusal !== undefined) {
      response.writeHead(refusal.status, { connection: 'close' }).end(`${refusal.reason}\n`);
      return;
    }
    const call: EngineCall = {
      action: String(request.headers['x-amz-target']).replace('AmazonSQS.', ''),
      body: await text(request),
    };
    const { status, body, error } =
      call.action === 'ReceiveMessage' ? await receive.wait(call, goneSignal(response)) : await receive.change(call);
    response.writeHead(status, {
      'content-type': 'application/x-amz-json-1.0',
      ...(error === undefined ? {} : { 'x-amzn-query-error': error }),
    });
    response.end(body);
  }

  await listen(server, port);
  const endpoint = `http://127.0.0.1:${portOf(server)}`;
  log.info({ endpoint }, 'the queue listens');
  return {
    endpoint,
    async close() {
      server.close();
      server.closeAllConnections();
      await engine.close();
    },
  };
}

const maxBodyBytes = 2 * 1024 * 1024;

/**
 * Only SQS's JSON protocol, only from a program of this host: a page that rebinds its name to 127.0.0.1 sends another
 * `Host`, and any page sends an `Origin`.
 */
function whyRefused({ method, url, headers, socket }: IncomingMessage): { status: number; reason: string } | undefined {
  const hosts = [`127.0.0.1:${socket.localPort}`, `localhost:${socket.localPort}`];
  if (!hosts.includes(headers.host ?? '') || headers.origin !== undefined) {
    return { status: 403, reason: 'This queue answers only programs of this host.' };
  }
  const isSqs = headers['content-type'] === 'application/x-amz-json-1.0';
  if (method !== 'POST' || url !== '/' || !isSqs) return { status: 404, reason: 'This queue speaks SQS only.' };
  const length = Number(headers['content-length'] ?? Number.NaN);
  return length <= maxBodyBytes ? undefined : { status: 413, reason: 'Send a body of at most 2 MiB, with its length.' };
}

/** Aborted once the client has gone before it got its answer. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen({ port, host: '127.0.0.1' });
  try {
    await once(server, 'listening');
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    const why = taken ? 'another program has it' : 'the system refuses it';
    throw new TidepoolError('queue_unavailable', {
      detail: `Port ${port} on 127.0.0.1 cannot be used: ${why}. Set TIDEPOOL_QUEUE_PORT to a free one.`,
      cause,
    });
  }
}

function portOf(server: Server): number {
  return z.object({ port: z.number() }).parse(server.address()).port;
}
