/**
 * Keeps right what stands around instances: at the adapter's start, when Incus reports a change, when the host's networks
 * change, and with each look at the host. The wall on the host, of which nothing tells, whenever instances are listed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { formatIpv4Range, parseIpv4Range, rangesOverlap, TidepoolError } from '@tidepool/core';
import { createAddressMonitor } from '../../sandbox/address-monitor.ts';
import { type HostNetworks, readHostNetworks } from '../../sandbox/host-networks.ts';
import { bridgeSubnet, knownSubnet } from '../bridge.ts';
import { createHostWall } from '../host-wall.ts';
import type { IncusHome } from '../incus-home.ts';
import type { Subnet } from '../subnet.ts';
import { incusParts } from './parts.ts';
import { keepQuotas } from './quotas.ts';

export interface Surroundings {
  /** Resolves when all has been looked at once by this process, and is right. @throws `runtime_not_set_up`, `network_conflict` */
  ready(signal: AbortSignal): Promise<void>;
  /** Looks at all of it now and puts it right. @throws as `ready` */
  mend(signal: AbortSignal): Promise<void>;
  /**
   * Looks at that of which nothing tells, and puts it right: whether somebody flushed the host's firewall. At all of it as
   * `mend` where the last look at that failed or Incus's events are not heard, and for a daemon elsewhere, to which our own
   * address may be another one.
   */
  check(signal: AbortSignal): Promise<void>;
  /** Puts it right at each change of the host's networks, and keeps disks held to their sizes, until aborted. */
  follow(signal: AbortSignal): Promise<void>;
  /** Why the sizes of disks may not hold, when it was last looked at; null where they do. Workspaces work all the same. */
  unlimited(): TidepoolError | null;
}

/** Milliseconds: every start and stop of an instance changes the host's links, and they come in bursts. */
const settle = 1_000;
/** Milliseconds between two looks at whether the kernel still counts what disks hold: nothing tells, and until then no size holds. */
const countLook = 1_000;

export function createSurroundings(home: IncusHome): Surroundings {
  const { config, log } = home.options;
  const monitor = createAddressMonitor(log, settle);
  const wall = createHostWall(config.network);
  let looked: Promise<void> | null = null;
  let unlimited: TidepoolError | null = null;
  /** By the last look at all of it. */
  let isRight = false;

  const mend = async (signal: AbortSignal) => {
    try {
      await mendAll(signal);
      isRight = true;
    } catch (error) {
      isRight = false;
      throw error;
    }
  };
  const mendAll = async (signal: AbortSignal) => {
    const networks = home.local ? await readHostNetworks(signal) : null;
    for (const part of incusParts(home.client, { config, subnet: null, networks })) {
      const { kind, wrong } = await part.look(signal);
      if (kind === 'right') continue;
      if (kind === 'missing') throw new TidepoolError('runtime_not_set_up', { detail: `Incus lacks ${part.title}.` });
      // On a machine whose addresses change the rules follow: no one's mistake.
      if (part.id !== 'acl') log.warn({ wrong }, `${part.title} was changed, put right`);
      await part.ensure(signal);
    }
    if (!home.local) return;
    const subnet = await bridgeSubnet(home.client, config, signal);
    if (networks !== null) refuseConflict(networks, subnet, config.network);
    if (!isHostsRoot(home)) return;
    await keepWall(subnet, signal);
    await limitDisks(signal);
  };
  const keepWall = async ({ gateway }: Subnet, signal: AbortSignal) => {
    const wasChanged = await wall.keep(gateway, process.getuid?.() ?? 0, signal);
    if (wasChanged) log.warn('the wall on this host was changed, put right');
  };
  const limitDisks = async (signal: AbortSignal) => {
    const known = unlimited?.message;
    unlimited = await keepQuotas(config, signal).then(() => null, asKnown);
    if (unlimited !== null && unlimited.message !== known) log.warn({ err: unlimited }, 'sizes of disks may not hold');
  };

  const keepLimited = async (signal: AbortSignal) => {
    if (!isHostsRoot(home)) return;
    while (!signal.aborted) {
      await limitDisks(signal).catch((error: unknown) => {
        if (!signal.aborted) log.warn({ err: error }, 'sizes of disks not looked at');
      });
      await sleep(countLook, undefined, { signal }).catch(() => undefined);
    }
  };

  return {
    mend,
    async check(signal) {
      if (!isRight || !home.local || !home.memory.isHearing()) await mend(signal);
      else if (isHostsRoot(home)) await keepWall(await knownSubnet(home, signal), signal);
    },
    unlimited: () => unlimited,
    ready(signal) {
      looked ??= mend(signal).catch((error: unknown) => {
        looked = null;
        throw error;
      });
      return looked;
    },
    async follow(signal) {
      if (!home.local) return;
      const following = monitor.run(async () => {
        await mend(signal).catch((error: unknown) => log.warn({ err: error }, 'walls of Incus not updated'));
      }, signal);
      await Promise.all([following, keepLimited(signal)]);
    },
  };
}

/** Whether we may change what the kernel of the daemon's machine does. */
export function isHostsRoot({ local }: IncusHome): boolean {
  return local && process.platform === 'linux' && process.getuid?.() === 0;
}

function asKnown(error: unknown): TidepoolError {
  if (error instanceof TidepoolError) return error;
  throw error;
}

/** What else this host is on, beside the bridge. @throws `network_conflict` */
function refuseConflict({ v4 }: HostNetworks, bridge: Subnet, name: string): void {
  const { gateway, prefix } = bridge;
  const range = formatIpv4Range(bridge);
  const own = new Set([gateway, `${gateway}/${prefix}`, range]);
  const meets = (entry: string) => {
    const known = parseIpv4Range(entry);
    return known !== null && rangesOverlap(known, bridge);
  };
  const other = v4.find((entry) => !own.has(entry) && meets(entry));
  if (other === undefined) return;
  const detail = `The bridge ${name} has the range ${range}, of which this host has ${other} elsewhere.`;
  throw new TidepoolError('network_conflict', { detail });
}
