/** Keeps the walls of running sandboxes in step with the host's addresses and networks: one `ip monitor` per worker. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type HostNetworks, readHostNetworks } from './host-networks.ts';
import { toolEnvironment } from './launcher.ts';

/** How long, in ms, to let a burst of changes settle where nobody says, and to wait before a monitor that ended is started again. */
const quick = 50;
const restart = 1_000;

export interface AddressMonitor {
  /** The host's networks now: as last reported, or read where nothing watches. */
  current(signal: AbortSignal): Promise<HostNetworks>;
  /** As last reported; null where nothing watches. */
  known(): HostNetworks | null;
  /** Calls `changed` at once with what there is, then at each change, until aborted. */
  run(changed: (networks: HostNetworks) => Promise<void>, signal: AbortSignal): Promise<void>;
}

/** @param settle milliseconds to let a burst of changes settle */
export function createAddressMonitor(log: Logger, settle = quick): AddressMonitor {
  let known: HostNetworks | null = null;

  const refresh = async (changed: (networks: HostNetworks) => Promise<void>, signal: AbortSignal) => {
    const networks = await readHostNetworks(signal);
    if (sameNetworks(known, networks)) return;
    known = networks;
    await changed(networks);
  };

  return {
    current: async (signal) => known ?? readHostNetworks(signal),
    known: () => known,
    async run(changed, signal) {
      while (!signal.aborted) {
        try {
          // Events first, then the state they change: nothing falls between.
          for await (const _ of addressEvents(signal, settle)) await refresh(changed, signal);
        } catch (error) {
          if (!signal.aborted) log.warn({ err: error }, 'address monitor ended');
        }
        // What is known may be out of date until the next monitor runs.
        known = null;
        await sleep(restart, undefined, { signal }).catch(() => {});
      }
    },
  };
}

export function sameNetworks(one: HostNetworks | null, other: HostNetworks): boolean {
  return (
    one !== null &&
    one.online === other.online &&
    one.v4.join() === other.v4.join() &&
    one.v6.join() === other.v6.join()
  );
}

/** One event when the monitor has started, then one for each burst of changes. */
async function* addressEvents(signal: AbortSignal, settle: number): AsyncGenerator<void> {
  // A worker that is killed takes its monitor along.
  const monitor = ['--pdeathsig', 'KILL', '--', 'ip', 'monitor', 'link', 'address', 'route'];
  const child = spawn('setpriv', monitor, {
    cwd: '/',
    env: toolEnvironment,
    signal,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  failed.catch(() => {});
  await Promise.race([new Promise((resolve) => child.once('spawn', resolve)), failed]);
  // `ip` says nothing when it has subscribed; it does so within its first milliseconds.
  await sleep(settle, undefined, { signal });
  yield;
  for await (const _ of child.stdout) {
    await sleep(settle, undefined, { signal });
    yield;
  }
}
