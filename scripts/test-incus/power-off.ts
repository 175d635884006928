/**
 * Ends one Incus with everything it has on this host as a power cut would: processes of the daemon and of all its
 * instances, mounts, loop devices, its bridge, its rules of nftables. What is on its disk stays. For a daemon of tests only.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processStat } from '@tidepool/core';
import { hostWallTable } from '@tidepool/runtime';
import { z } from 'zod';
import { mountsIn } from '../../packages/cli/src/setup/incusd.ts';

export interface PoweredOff {
  /** INCUS_DIR. */
  readonly incus: string;
  readonly bridge: string;
}

export async function powerOff({ incus, bridge }: PoweredOff): Promise<void> {
  const instances = instanceNames(incus);
  // Again: what was being started while we looked.
  for (let pids = processesOf(incus); pids.length > 0; pids = processesOf(incus)) {
    for (const pid of pids) kill(pid);
    await sleep(50);
  }
  for (const mount of mountsIn(incus)) run(['umount', '--lazy', mount]);
  // Most go with their last mount.
  for (const device of loopDevicesIn(incus)) run(['losetup', '--detach', device]);
  run(['ip', 'link', 'delete', bridge]);
  removeRules(bridge, instances);
}

/** The daemon, its helpers and dnsmasq, and what each of its instances runs. */
function processesOf(incus: string): number[] {
  const stats = allProcesses();
  const own = stats.filter(({ pid }) => {
    const words = readProcess(pid, 'cmdline').split('\0');
    const program = basename(words[0] ?? '');
    const isIncusd = program === 'incusd' && readProcess(pid, 'environ').split('\0').includes(`INCUS_DIR=${incus}`);
    const isHelper =
      /^(incusd|dnsmasq|\[lxc monitor\].*)$/.test(program) || (words[0] ?? '').startsWith('[lxc monitor]');
    return isIncusd || (isHelper && words.some((word) => word.includes(`${incus}/`)));
  });
  const found = new Set(own.map(({ pid }) => pid));
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent } of stats) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

function allProcesses(): { readonly pid: number; readonly parent: number }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const stat = readProcess(Number(pid), 'stat');
    if (stat === '') return [];
    const { state } = processStat(stat);
    // proc_pid_stat(5): the parent stands behind the state.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return state === 'Z' ? [] : [{ pid: Number(pid), parent }];
  });
}

function readProcess(pid: number, file: 'cmdline' | 'environ' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It ended while we looked.
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** As the rules name them: `PROJECT_INSTANCE`. */
function instanceNames(incus: string): string[] {
  try {
    return readdirSync(`${incus}/containers`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function loopDevicesIn(incus: string): string[] {
  return readdirSync('/sys/block').flatMap((name) => {
    if (!name.startsWith('loop')) return [];
    try {
      const file = readFileSync(`/sys/block/${name}/loop/backing_file`, 'utf8');
      return file.startsWith(`${incus}/`) ? [`/dev/${name}`] : [];
    } catch {
      // Bound to nothing.
      return [];
    }
  });
}

const chains = z.object({
  nftables: z.array(
    z.object({ chain: z.object({ family: z.string(), table: z.string(), name: z.string() }).optional() }),
  ),
});

/** `fwd.BRIDGE` and the like, and `in.PROJECT_INSTANCE.eth0`; all emptied before any is removed, as they call each other. */
function removeRules(bridge: string, instances: readonly string[]): void {
  run(['nft', 'delete', 'table', 'inet', hostWallTable(bridge)]);
  const listed = run(['nft', '-j', 'list', 'chains']);
  if (listed === '') return;
  const ours = chains.parse(JSON.parse(listed)).nftables.flatMap(({ chain }) => {
    if (chain?.table !== 'incus') return [];
    const middle = chain.name.slice(chain.name.indexOf('.') + 1);
    const isOurs = middle === bridge || instances.some((instance) => middle.startsWith(`${instance}.`));
    return isOurs ? [[chain.family, chain.table, chain.name]] : [];
  });
  for (const verb of ['flush', 'delete']) for (const chain of ours) run(['nft', verb, 'chain', ...chain]);
}

/** What cannot be done needs no doing: the thing is gone. @returns its output, empty where it failed */
function run([program = '', ...args]: readonly string[]): string {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 });
  return status === 0 ? stdout : '';
}
