/** A whole server on a loopback port with a real database in a home of its own, and what tests need to look behind it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { type Config, type HostRecord, parseConfig } from '@tidepool/core';
import { checkInvariants, createStore, currentHolder, type Store } from '@tidepool/db';
import { createFakeQueue } from '@tidepool/queue';
import { pino } from 'pino';
import { createEventTail, createServer, createSessions, type Sessions } from '../src/index.ts';
import { type Ask, createAsk } from './ask.ts';

export const proxySecret = 'p'.repeat(43);

export interface LoggedLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface Running {
  readonly home: string;
  readonly port: number;
  readonly config: Config;
  readonly store: Store;
  readonly queue: ReturnType<typeof createFakeQueue>;
  readonly sessions: Sessions;
  readonly ask: Ask;
  /** What the server logged so far. */
  readonly logged: LoggedLine[];
  stop(): Promise<void>;
}

export interface HarnessOptions {
  readonly env?: Record<string, string>;
  /** A home that exists already, kept at the end. */
  readonly home?: string;
  readonly spaDirectory?: string;
  /** What a worker found; null where none has looked yet. */
  readonly host?: HostRecord | null;
}

export async function startServer(options: HarnessOptions = {}): Promise<Running> {
  const home = options.home ?? newHome();
  const config = configOf(home, options.env);
  const store = createStore(storeOptions(config));
  const reads = createStore({ ...storeOptions(config), readOnly: true });
  const host = options.host === undefined ? hostRecord : options.host;
  if (host) {
    store.writeHost(host);
    store.workerHeartbeat(currentHolder());
  }
  const logged: LoggedLine[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const queue = createFakeQueue();
  const sessions = createSessions({ directory: config.paths.sessions });
  const server = createServer({
    store,
    events: createEventTail({ reads, databasePath: config.paths.database, log }),
    queue,
    sessions,
    config,
    proxySecret,
    spaDirectory: options.spaDirectory ?? `${home}/no-spa`,
    version: '0.0.0-test',
    log,
  });
  const port = await server.listen(0);
  return {
    home,
    port,
    config,
    store,
    queue,
    sessions,
    ask: createAsk(port, proxySecret),
    logged,
    stop: async () => {
      await server.stop();
      reads.close();
      store.close();
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

export function newHome(): string {
  const home = mkdtempSync('/tmp/tp-server-');
  mkdirSync(`${home}/sessions`, { mode: 0o700 });
  return home;
}

export function configOf(home: string, env: Record<string, string> = {}): Config {
  return parseConfig(
    { TIDEPOOL_HOME: home, TIDEPOOL_MEMORY_MIB: '16384', ...env },
    { cwd: '/', homeDirectory: '/root', isRoot: true, totalMemoryMiB: 18_432 },
  );
}

export function storeOptions(config: Config) {
  return { path: config.paths.database, budgetMiB: config.budgetMiB, leaseMs: config.intervals.lease };
}

export function brokenInvariants({ config }: Pick<Running, 'config'>): string[] {
  return checkInvariants(config.paths.database);
}

/** Everything a request may write, counted: equal before and after means nothing was written. */
export function fingerprint(store: Store): unknown {
  return { counts: store.counts(), activity: store.activityBounds(), all: store.allWorkspaces() };
}

export const hostRecord: HostRecord = {
  runtime: {
    kind: 'fake',
    version: '1',
    capabilities: {
      isolation: 'none',
      limits: false,
      diskLimit: false,
      pause: false,
      snapshot: false,
      clone: false,
      console: false,
      usage: false,
      rootInside: false,
    },
    healthy: true,
  },
  routes: { kind: 'fake', caddyVersion: null, healthy: true },
  images: [{ name: 'workspace', version: 'abc123', builtAt: '2026-03-01T12:00:00.000Z', sizeMiB: 300, current: true }],
  cpus: 2,
  totalMemoryMiB: 18_432,
  disk: { totalMiB: 100_000, freeMiB: 50_000 },
  storage: null,
  findings: [],
  observedAt: '2026-03-01T12:00:00.000Z',
};
