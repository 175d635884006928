/** The server: guard, API, SPA and pages in their order, on one HTTP server that ends gracefully. */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '@tidepool/core';
import type { Reads, Requests } from '@tidepool/db';
import type { Queue } from '@tidepool/queue';
import express, { type Express, type Router } from 'express';
import type { Logger } from 'pino';
import { isListener, requireListener, requireOwnOrigin, requireProxy, requireSignIn } from './access/guard.ts';
import { publicOrigin } from './access/public-origin.ts';
import { checkUrl } from './access/request-url.ts';
import { securityHeaders } from './access/security-headers.ts';
import { createHandlers } from './api/handlers.ts';
import { mountContract } from './api/mount.ts';
import { answerParserErrors } from './connection-errors.ts';
import { createEventStreams } from './events/event-streams.ts';
import type { EventTail } from './events/event-tail.ts';
import { createUsageFeed } from './events/usage-feed.ts';
import { createHostView } from './host-view.ts';
import { createLogStreams } from './logs/log-streams.ts';
import { createOutbox } from './outbox.ts';
import { notFoundPage } from './pages/app-pages.ts';
import { sendPage } from './pages/send-page.ts';
import { workspaceOrigin } from './pages/workspace-origin.ts';
import { noAddressPage } from './pages/workspace-pages.ts';
import { answerProblems, unknownRoute } from './problems.ts';
import { createRequestLog } from './request-log.ts';
import type { Sessions } from './sessions.ts';
import { spa } from './spa.ts';

export interface ServerParts {
  readonly store: Reads & Requests;
  readonly events: EventTail;
  readonly queue: Pick<Queue, 'send' | 'check'>;
  readonly sessions: Sessions;
  readonly config: Config;
  /** What Caddy proves itself with. */
  readonly proxySecret: string;
  /** Where the SPA's built files are. */
  readonly spaDirectory: string;
  readonly version: string;
  readonly log: Logger;
}

export interface TidepoolServer {
  /** On loopback. @returns the port, where 0 was asked for. Rejects where it is taken. */
  listen(port: number): Promise<number>;
  /** Takes no more, ends the streams, lets requests end within 5 s, then sends what is left to the queue. */
  stop(): Promise<void>;
}

/** Milliseconds. Caddy keeps idle connections for 2 min: Node must not be the first to close one, or a request is lost. */
const keepAliveTimeout = 130_000;
/** Cookies ignore ports: requests carry those of every application on this host name. */
const maxHeaderSize = 64 * 1024;
const graceMs = 5_000;

export function createServer(parts: ServerParts): TidepoolServer {
  const { store, events, queue, config, version, log } = parts;
  const stopping = new AbortController();
  const outbox = createOutbox({ store, queue, log });
  const eventStreams = createEventStreams({ tail: events, usage: createUsageFeed({ reads: store, log }) });
  const hostView = createHostView({ store, queue, config, version });
  const logStreams = createLogStreams({ store, directory: config.paths.logs, stopping: stopping.signal });
  const handlers = createHandlers({ store, outbox, hostView, eventStreams, logStreams, version });

  const app = createApp({ ...parts, api: mountContract(handlers) });
  // Without a Host header a request is answered like any other: as a problem document where something is wrong.
  const http = createHttpServer({ requireHostHeader: false, maxHeaderSize, keepAliveTimeout }, app);
  http.headersTimeout = 30_000;
  http.requestTimeout = 60_000;
  answerParserErrors(http, log);
  http.on('request', (_request, response) => {
    response.once('close', () => {
      if (stopping.signal.aborted) setImmediate(() => http.closeIdleConnections());
    });
  });

  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        http.once('error', reject);
        http.listen({ port, host: '127.0.0.1' }, () => {
          http.off('error', reject);
          outbox.flush();
          resolve(portOf(http.address()));
        });
      }),
    stop: async () => {
      stopping.abort();
      eventStreams.stop();
      events.stop();
      const closed = new Promise((resolve) => http.close(resolve));
      const force = setTimeout(() => http.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(force);
      await outbox.settled();
    },
  };
}

function createApp(parts: ServerParts & { readonly api: Router }): Express {
  const { config, store, sessions, log } = parts;
  const requestLog = createRequestLog(log);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);

  app.use(requestLog.middleware, securityHeaders, requireProxy(parts.proxySecret), checkUrl, requireOwnOrigin(config));
  app.use('/api', requireListener('app'), requireSignIn);
  app.use(parts.api);
  app.use('/api', unknownRoute);
  app.use(workspaceOrigin({ store, config }));
  app.use(spa({ sessions, config, directory: parts.spaDirectory }));
  app.get('/', requireListener('app'), (_request, response) => response.redirect(302, '/app/'));
  app.use((request, response) => {
    const onApp = isListener(request, 'app');
    sendPage(request, response, onApp ? notFoundPage : noAddressPage(publicOrigin('app', request, config)));
  });
  app.use(answerProblems(requestLog));
  return app;
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
