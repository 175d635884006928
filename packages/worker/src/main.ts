/** The process of the worker: reads the environment, wires, handles signals. */
import { homedir, totalmem } from 'node:os';
import { buildBaseConfig, createAdminRoutes, createFileRoutes, createProxy } from '@tidepool/caddy';
import { parseConfig, TidepoolError } from '@tidepool/core';
import { createStore, currentHolder } from '@tidepool/db';
import { connectQueue } from '@tidepool/queue';
import { createRuntime } from '@tidepool/runtime';
import { destination, pino } from 'pino';
import { z } from 'zod';
import { createWorker } from './worker.ts';
import { createWorkspaceLogs } from './workspace-logs.ts';

const config = parseConfig(process.env, {
  cwd: process.cwd(),
  homeDirectory: homedir(),
  isRoot: process.getuid?.() === 0,
  totalMemoryMiB: Math.floor(totalmem() / 1024 / 1024),
});
const { proxy: proxySecret, passwordHash } = config.secrets;
if (proxySecret === null || passwordHash === null) {
  throw new TidepoolError('invalid_config', {
    detail: 'TIDEPOOL_PROXY_SECRET and TIDEPOOL_PASSWORD_HASH must be set, as `tidepool up` does.',
  });
}
const { paths } = config;

const output = destination({ fd: 1, sync: true });
// Whoever read it has ended: so does this process, by `disconnect`, and in order.
output.on('error', () => undefined);
const options = { name: 'worker', level: config.logLevel, redact: ['*.password', '*.token', '*.secret'] };
const log = pino(options, output);

// In a state that nobody thought of nothing is safe to go on with: its jobs are taken over from the next one's start.
process.on('uncaughtException', (error) => {
  log.fatal({ err: error }, 'the worker fails');
  process.exit(1);
});

const strays = new Set<string>();
const sayStray = (path: string) => {
  if (!strays.has(path)) log.warn({ path }, 'no route, left alone');
  strays.add(path);
};

const store = createStore({ path: paths.database, budgetMiB: config.budgetMiB, leaseMs: config.intervals.lease });
const queue = connectQueue(config.queue, log);
const worker = createWorker({
  store,
  queue,
  runtime: await createRuntime(config, log),
  routes:
    config.routes === 'admin'
      ? createAdminRoutes({ admin: config.caddy.admin, onStray: sayStray })
      : createFileRoutes({ directory: paths.routes, onStray: sayStray }),
  proxy: createProxy({
    admin: config.caddy.admin,
    program: config.caddy.program,
    config: buildBaseConfig({
      admin: config.caddy.admin,
      routes: config.routes,
      bind: config.bind,
      ports: config.ports,
      origins: config.origins,
      directories: { routes: paths.routes, sessions: paths.sessions, relay: paths.relay },
      user: config.user,
      passwordHash,
      proxySecret,
    }),
  }),
  config,
  holder: currentHolder(),
  workspaceLogs: createWorkspaceLogs({ directory: paths.logs, output, options }),
  log,
});

let ending = false;
const end = async (reason: string, stopWorkspaces: boolean) => {
  if (ending) return;
  ending = true;
  log.info({ reason, stopWorkspaces }, 'the worker ends');
  await worker.stop({ stopWorkspaces });
  queue.close();
  store.close();
  process.exit(0);
};
const shutdown = z.object({ type: z.literal('shutdown'), stopWorkspaces: z.boolean().default(false) });

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end(signal, false));
process.once('disconnect', () => end('disconnect', false));
process.on('message', (message) => {
  const parsed = shutdown.safeParse(message);
  if (parsed.success) end('shutdown', parsed.data.stopWorkspaces);
});

await worker.start();
log.info('the worker is ready');
process.send?.({ type: 'ready' });
