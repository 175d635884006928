/** `tidepool up`: from whatever state the machine is in to a printed address, and back to nothing at the end. */
import { join } from 'node:path';
import { type Client, type Config, endedUnasked, TidepoolError } from '@tidepool/core';
import { type Logger, pino } from 'pino';
import { makeHome } from '../home/home.ts';
import { lockHome } from '../home/home-lock.ts';
import { refuseLostDatabase } from '../home/lost-database.ts';
import { type Credentials, ensureSecrets, type Secrets } from '../home/secrets.ts';
import { buildImage } from '../images/build-image.ts';
import { planStart } from '../images/look-before-start.ts';
import { makeHostReady } from '../preflight/index.ts';
import { openLogFile } from '../supervisor/log-file.ts';
import { processSpecs } from '../supervisor/processes.ts';
import { type Supervisor, supervise } from '../supervisor/supervisor.ts';
import type { Terminal } from './environment.ts';
import { refuseUnready, writeFindings } from './findings.ts';
import { localAddress, localApi } from './local-api.ts';
import { ensureSpa } from './spa-build.ts';

/** Milliseconds that the whole may take to answer, once everything is built. */
const patience = 60_000;

export interface UpOptions {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Ctrl-C, or a signal. */
  readonly ending: AbortSignal;
  /** The second Ctrl-C. */
  readonly hurry: AbortSignal;
}

/** @returns the exit code. @throws TidepoolError for what the reader has to mend first */
export async function up(options: UpOptions): Promise<number> {
  makeHome(options.config, process.getuid?.() === 0);
  const lock = await lockHome(options.config);
  try {
    refuseLostDatabase(options.config);
    return await upAlone(options);
  } finally {
    await lock.release();
  }
}

async function upAlone({ config, env, terminal, ending, hurry }: UpOptions): Promise<number> {
  const logFile = openLogFile(join(config.paths.logs, '_tidepool/up.jsonl'), 'up');
  const log = pino({ name: 'up', level: config.logLevel }, { write: logFile.write });
  const credentials = await makeReady({ config, env, terminal, ending, log });
  if (credentials === null) return 130;

  terminal.say('Starting…');
  const supervisor = await supervise(config, processSpecs(config, credentials, env), log);
  hurry.addEventListener('abort', () => supervisor.kill(), { once: true });
  try {
    const api = localApi(config, credentials);
    if (await answering(api, supervisor, ending)) await greet({ config, credentials, api, terminal });
    if (!ending.aborted) await new Promise((resolve) => ending.addEventListener('abort', resolve, { once: true }));
  } finally {
    terminal.say('Ending Tidepool.');
    await supervisor.stop(terminal.say);
    log.info('ended');
  }
  return hurry.aborted ? 130 : 0;
}

type Making = Omit<UpOptions, 'hurry'> & { readonly log: Logger };

/** Everything that is done once: machine, secrets, page, image. @returns null where it was interrupted */
async function makeReady({ config, env, terminal, ending, log }: Making): Promise<(Credentials & Secrets) | null> {
  try {
    const { config: chosen, target, missing } = await planStart(config, ending);
    try {
      const findings = await makeHostReady(chosen, { toBuild: missing ?? [], say: terminal.say, signal: ending });
      // Ports that were free are Tidepool's own by the time that somebody reads this.
      writeFindings(
        config,
        findings.filter(({ id, status }) => !(id.startsWith('port.') && status === 'ok')),
      );
      refuseUnready(findings);
      const credentials = ensureSecrets(config);
      if (await ensureSpa(ending)) log.info('page built');
      if (target !== null && missing !== null) {
        await buildImage(target, missing, { env, terminal, signal: ending, log });
        terminal.say('The workspace image is built.');
      }
      return credentials;
    } finally {
      await target?.close();
    }
  } catch (error) {
    if (ending.aborted) return null;
    throw error;
  }
}

/** Waits until the whole way answers: Caddy, the server, and a worker that has looked at the host. @throws TidepoolError where a process cannot stay up */
async function answering(api: Client, supervisor: Supervisor, ending: AbortSignal): Promise<boolean> {
  const begun = new Date().toISOString();
  for (const end = performance.now() + patience; !ending.aborted; ) {
    const ready = await api('getHost', { signal: AbortSignal.timeout(2_000) }).then(
      ({ worker, observed }) => worker.alive && observed !== null && observed.observedAt > begun,
      () => false,
    );
    if (ready) return true;
    const failing = supervisor.failing();
    if (failing) {
      const words = failing.lastWords.length === 0 ? '' : `\n${failing.lastWords.join('\n')}`;
      throw new TidepoolError('internal', {
        detail: `${failing.name} ends again and again.${words}`,
        fix: `See ${failing.log}`,
      });
    }
    if (performance.now() > end) {
      throw new TidepoolError('internal', {
        detail: 'Tidepool started, but does not answer.',
        fix: 'See .logs/_tidepool in its home.',
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

interface Greeting {
  readonly config: Config;
  readonly credentials: Credentials;
  readonly api: Client;
  readonly terminal: Terminal;
}

async function greet({ config, credentials, api, terminal }: Greeting): Promise<void> {
  const address = `${config.origins.app ?? localAddress(config)}/app/`;
  terminal.say(`\nTidepool is ready.\n`);
  terminal.say(`  Address   ${address}`);
  terminal.say(`  User      ${credentials.user}`);
  terminal.say(`  Password  ${credentials.password}\n`);
  const place = await placeOfWorkspaces(api).catch(() => null);
  if (place !== null) terminal.say(`Workspaces are ${place}.`);
  // A greeting is worth no failure: the page says it too.
  const stopped = await stoppedByLastEnd(api).catch(() => 0);
  if (stopped > 0) {
    const were = stopped === 1 ? 'workspace was' : 'workspaces were';
    terminal.say(
      `${stopped} ${were} running when Tidepool last ended. The page offers to start ${stopped === 1 ? 'it' : 'them'} again.\n`,
    );
  }
  terminal.say('Ctrl-C ends it.');
}

/** Null until the worker has looked. */
async function placeOfWorkspaces(api: Client): Promise<string | null> {
  const { observed } = await api('getHost', {});
  if (observed === null) return null;
  const { kind, version, capabilities } = observed.runtime;
  switch (capabilities.isolation) {
    case 'virtual-machine':
      return `virtual machines of ${kind === 'tart' ? 'Tart' : 'Incus'} ${version}`;
    case 'system-container':
      return `system containers of Incus ${version}`;
    case 'namespaces':
      return 'sandboxes, on the kernel of this host';
    case 'none':
      return 'not isolated: this runtime is for tests';
  }
}

async function stoppedByLastEnd(api: Client): Promise<number> {
  let count = 0;
  for (let cursor: string | undefined; ; ) {
    const page = await api('listWorkspaces', {
      query: { status: 'stopped', limit: '100', ...(cursor === undefined ? {} : { cursor }) },
    });
    count += page.items.filter(({ stopReason }) => stopReason !== null && endedUnasked.includes(stopReason)).length;
    if (page.nextCursor === null) return count;
    cursor = page.nextCursor;
  }
}
