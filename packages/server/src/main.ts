/** The server's process: wires it, listens on loopback, ends gracefully. Started and watched by `tidepool up`. */
import { homedir, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Config, parseConfig, TidepoolError } from '@tidepool/core';
import { createStore } from '@tidepool/db';
import { connectQueue } from '@tidepool/queue';
import { pino } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { createEventTail } from './events/event-tail.ts';
import { createServer } from './server.ts';
import { createSessions } from './sessions.ts';

const sweepSessionsMs = 60 * 60 * 1000;

const log = pino({ name: 'server', level: process.env.TIDEPOOL_LOG_LEVEL || 'info' });

process.on('uncaughtException', (err) => fail(err));
process.on('unhandledRejection', (err) => fail(err));
await start(readConfig());

async function start(config: Config): Promise<void> {
  const { secrets, paths, ports, budgetMiB, intervals } = config;
  if (secrets.proxy === null) {
    throw new TidepoolError('invalid_config', { detail: 'TIDEPOOL_PROXY_SECRET is missing: `tidepool up` sets it.' });
  }
  const storeOptions = { path: paths.database, budgetMiB, leaseMs: intervals.lease };
  const store = createStore(storeOptions);
  const reads = createStore({ ...storeOptions, readOnly: true });
  const events = createEventTail({ reads, databasePath: paths.database, log });
  const queue = connectQueue(config.queue, log);
  const sessions = createSessions({ directory: paths.sessions });
  const server = createServer({
    store,
    events,
    queue,
    sessions,
    config,
    proxySecret: secrets.proxy,
    spaDirectory: fileURLToPath(new URL('../../spa/dist', import.meta.url)),
    version: manifest.version,
    log,
  });
  const sweeping = setInterval(() => sweepSessions(sessions), sweepSessionsMs);

  const askedToEnd = new Promise<string>((resolve) => {
    for (const reason of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(reason, () => resolve(reason));
  });

  log.info({ port: await listen(server, ports.api) }, 'listening');
  process.send?.({ type: 'ready' });

  log.info({ reason: await askedToEnd }, 'stopping');
  clearInterval(sweeping);
  await server.stop();
  queue.close();
  reads.close();
  store.close();
  process.exit(0);
}

function readConfig(): Config {
  return parseConfig(process.env, {
    cwd: process.cwd(),
    homeDirectory: homedir(),
    isRoot: process.getuid?.() === 0,
    totalMemoryMiB: Math.floor(totalmem() / 1024 / 1024),
  });
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  try {
    return await server.listen(port);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause;
    throw new TidepoolError('invalid_config', {
      detail: `Port ${port} on 127.0.0.1 is taken. End what listens there, or set TIDEPOOL_API_PORT to a free port.`,
      cause,
    });
  }
}

async function sweepSessions(sessions: ReturnType<typeof createSessions>): Promise<void> {
  try {
    log.debug({ removed: await sessions.sweep() }, 'old sessions removed');
  } catch (err) {
    log.warn({ err }, 'old sessions could not be removed; the next hour tries again');
  }
}

function fail(error: unknown): never {
  if (error instanceof TidepoolError && error.code === 'invalid_config') log.fatal(error.message);
  else log.fatal({ err: error }, 'ended by an error');
  process.exit(1);
}
