/** An Incus directory of a test's own, with names of its own for what Tidepool makes in it, and its set-up as a process. */
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createIncusClient, type IncusClient } from '@tidepool/runtime';
import { realHost } from '../../src/preflight/real-host.ts';
import { identify } from '../../src/process-identity.ts';
import {
  endProcess,
  findIncusd,
  mountsIn,
  runningDaemons,
  startIncusd,
  waitUntilReady,
} from '../../src/setup/incusd.ts';
import { tidepool, tidepoolOnce } from '../tidepool-process.ts';

export interface OwnIncus {
  /** INCUS_DIR; not there yet. */
  readonly directory: string;
  /** The name of Tidepool's bridge, and one for its owner's. */
  readonly bridge: string;
  readonly ownersBridge: string;
  readonly client: IncusClient;
  /** `tidepool setup incus …`, to its end. */
  setup(...args: string[]): Promise<{ readonly code: number | string | null; readonly output: string }>;
  /** The same, killed with -9 as soon as it has printed `line`, or after so many milliseconds. */
  killedSetup(moment: string | number): Promise<string>;
  /** Starts the daemon as its owner would, without the set-up. */
  startAsOwner(): Promise<void>;
  /** What `--check` says, by id. */
  check(): Promise<Record<string, string>>;
  record(): { readonly daemon: unknown } | null;
  /** Ends the daemon as a power cut does: instances and mounts stay. */
  killDaemon(): Promise<void>;
  clear(): Promise<void>;
}

/** @param env beside INCUS_DIR and the name of the bridge */
export function ownIncus(env: Readonly<Record<string, string>> = {}): OwnIncus {
  // Beside the Incus of the run, which clears up behind one that was killed.
  const parent = mkdtempSync(join(process.env.INCUS_DIR ? dirname(process.env.INCUS_DIR) : '/tmp', 'tp-'));
  const directory = join(parent, 'incus');
  const mark = randomInt(36 ** 6).toString(36);
  const [bridge, ownersBridge] = [`tpt${mark}`, `tpo${mark}`];
  const place = {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: parent,
      TIDEPOOL_HOME: join(parent, 'home'),
      INCUS_DIR: directory,
      TIDEPOOL_INCUS_NETWORK: bridge,
      ...env,
    },
  };
  const client = createIncusClient({ kind: 'unix', socket: join(directory, 'unix.socket') });
  const setup = (...args: string[]) => tidepoolOnce(place, ['setup', 'incus', '--pool-size', '5', ...args]);
  return {
    directory,
    bridge,
    ownersBridge,
    client,
    setup,
    async killedSetup(moment) {
      const running = tidepool(place, ['setup', 'incus', '--pool-size', '5', '--yes']);
      const kill = () => running.child.kill('SIGKILL');
      const timer = typeof moment === 'number' ? setTimeout(kill, moment) : undefined;
      running.child.stdout?.on('data', () => typeof moment === 'string' && running.output().includes(moment) && kill());
      await running.ended();
      clearTimeout(timer);
      return running.output();
    },
    async startAsOwner() {
      const program = findIncusd(realHost);
      if (program === null) throw new Error('Incus is not installed');
      startIncusd(program, directory, { hasGroup: true, env: {} });
      await waitUntilReady(realHost, program, directory);
    },
    async check() {
      const { output } = await setup('--check', '--json');
      const findings: { id: string; status: string }[] = JSON.parse(output);
      return Object.fromEntries(findings.map(({ id, status }) => [id, status]));
    },
    record() {
      const path = join(directory, 'tidepool-setup.json');
      return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
    },
    killDaemon: () => end(directory, 'SIGKILL'),
    async clear() {
      if (existsSync(directory)) await setup('--undo', '--yes');
      await client.close();
      await end(directory, 'SIGTERM');
      for (const point of mountsIn(parent)) await realHost.run(['umount', '--lazy', point]);
      for (const name of [bridge, ownersBridge]) await realHost.run(['ip', 'link', 'delete', name]);
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

async function end(directory: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const pid = runningDaemons().find((daemon) => daemon.directory === directory)?.pid;
  const identity = pid === undefined ? null : identify(pid);
  if (identity === null) return;
  process.kill(identity.pid, signal);
  await endProcess(identity);
}
