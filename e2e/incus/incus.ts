/** The Incus under test, that of `npm run test:incus`: what is in it, and what may happen to its daemon. */
import { existsSync } from 'node:fs';
import type { IncusConfig } from '@tidepool/core';
import { createIncusClient, type IncusClient, incusReplies } from '@tidepool/runtime';
import { z } from 'zod';
import { readConfig } from '../../packages/cli/src/commands/environment.ts';
import { realHost } from '../../packages/cli/src/preflight/real-host.ts';
import { identify, isAlive } from '../../packages/cli/src/process-identity.ts';
import { findIncusd, runningDaemons, startIncusd, waitUntilReady } from '../../packages/cli/src/setup/incusd.ts';
import { openSetupRecord } from '../../packages/cli/src/setup/setup-record.ts';
import { run } from '../inside.ts';
import { until } from '../tidepool.ts';

/** In order, it first waits for what is under way (`core.shutdown_timeout`: five minutes at most), and for the disk. */
const endSeconds = 240;

const root = new URL('../..', import.meta.url).pathname;

export interface Incus {
  readonly config: IncusConfig;
  readonly client: IncusClient;
  /** INCUS_DIR. */
  readonly directory: string;
  /** Below `/1.0`, in our project. */
  path(what: string, query?: string): string;
  /** Of our project. */
  instances(): Promise<z.infer<typeof incusReplies.instance>[]>;
  /** kill -9 of the daemon; its instances go on. */
  kill(): Promise<void>;
  /** SIGTERM, and waits for its end; its instances go on. */
  end(): Promise<void>;
  /** Starts the daemon where it does not run, and waits until it answers. */
  start(): Promise<void>;
  /** `tidepool setup incus`, as its owner would after a boot. */
  setUp(): Promise<void>;
  /** Stops and removes by force what has the label of this home, whether its Tidepool knows of it or not. */
  removeInstancesOf(home: string): Promise<void>;
}

/** @throws where there is none that tests may kill */
export function openIncus(): Incus {
  const { incus: config } = readConfig(process.env);
  const directory = process.env.INCUS_DIR ?? '';
  // An owner's daemon has no record of a set-up that started it in a directory of its own.
  if (directory === '' || openSetupRecord(directory).read()?.directory !== 'absent') {
    throw new Error('These tests kill the Incus that they meet. `npm run test:incus` brings one of their own.');
  }
  const client = createIncusClient(config.place);
  const signal = () => AbortSignal.timeout(60_000);
  const path: Incus['path'] = (what, query = '') => `/1.0/${what}?project=${config.project}${query && `&${query}`}`;
  const instances: Incus['instances'] = async () =>
    (await client.read(path('instances', 'recursion=1'), z.array(incusReplies.instance), signal())).value;

  const signalled = async (name: NodeJS.Signals) => {
    const daemon = identify(pidOf(directory) ?? 0);
    if (daemon === null) throw new Error('the Incus daemon does not run');
    process.kill(daemon.pid, name);
    await until(`the daemon to end by ${name}`, () => !isAlive(daemon), endSeconds);
  };

  return {
    config,
    client,
    directory,
    path,
    instances,
    kill: () => signalled('SIGKILL'),
    end: () => signalled('SIGTERM'),
    async start() {
      const program = findIncusd(realHost);
      if (program === null) throw new Error('Incus is not installed');
      if (pidOf(directory) === null) {
        const record = openSetupRecord(directory);
        const before = record.read()?.daemon;
        const incusd = startIncusd(program, directory, { hasGroup: false, env: {} });
        // So that the undo finds the daemon that it is to end.
        record.note({ daemon: { by: 'itself', incusd, lxcfs: before?.by === 'itself' ? before.lxcfs : null } });
      }
      await waitUntilReady(realHost, program, directory);
    },
    async setUp() {
      const words = ['packages/cli/src/main.ts', 'setup', 'incus', '--yes'];
      const { code, stdout, stderr } = await run(process.execPath, words, { cwd: root });
      if (code !== 0) throw new Error(`setup incus ended with ${code}: ${stdout}${stderr}`);
    },
    async removeInstancesOf(home) {
      const identity = realHost.read(`${home}/incus-identity`)?.trim();
      if (identity === undefined) return;
      for (const { name, status, config: labels } of await instances()) {
        if (labels['user.tidepool.home'] !== identity) continue;
        const json = { action: 'stop', force: true, timeout: 30 };
        if (status !== 'Stopped') {
          await client.change({ method: 'PUT', path: path(`instances/${name}/state`), json }, signal());
        }
        await client.change({ method: 'DELETE', path: path(`instances/${name}`) }, signal());
      }
    },
  };
}

/** Null where it does not run. */
function pidOf(directory: string): number | null {
  if (!existsSync(directory)) return null;
  return runningDaemons().find((daemon) => daemon.directory === directory)?.pid ?? null;
}
