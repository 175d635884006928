/**
 * Ends one Incus with everything it has on this host as a power cut would: processes of the daemon and of all its
 * instances, mounts, loop devices, bridges with what hangs on them, rules of nftables. What is on its disk stays. For a
 * daemon of tests only.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processStat } from '@tidepool/core';
import { hostWallTable } from '@tidepool/runtime';
import { z } from 'zod';
import { mountsIn } from '../../packages/cli/src/setup/incusd.ts';

/** @param incus INCUS_DIR */
export async function powerOff(incus: string): Promise<void> {
  // Incus keeps a directory for each.
  const [instances, bridges] = [namesIn(`${incus}/containers`), namesIn(`${incus}/networks`)];
  // Again: what was being started while we looked.
  for (let pids = processesOf(incus); pids.length > 0; pids = processesOf(incus)) {
    for (const pid of pids) kill(pid);
    await sleep(50);
  }
  for (const mount of mountsIn(incus)) run(['umount', '--lazy', mount]);
  // Most go with their last mount.
  for (const device of loopDevicesIn(incus)) run(['losetup', '--detach', device]);
  for (const link of bridges.flatMap((bridge) => [...linksOn(bridge), bridge])) run(['ip', 'link', 'delete', link]);
  removeRules(bridges, instances);
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

/** Of instances as the rules name them: `PROJECT_INSTANCE`. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
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

const links = z.array(z.object({ ifname: z.string().optional() }));

/** Cards of instances whose other end has not been moved inside yet: those do not end with their instance. */
function linksOn(bridge: string): string[] {
  const listed = run(['ip', '-json', 'link', 'show', 'master', bridge]);
  return listed === '' ? [] : links.parse(JSON.parse(listed)).flatMap(({ ifname }) => ifname ?? []);
}

const chains = z.object({
  nftables: z.array(
    z.object({ chain: z.object({ family: z.string(), table: z.string(), name: z.string() }).optional() }),
  ),
});
/** Incus's own, which all daemons of a host share. */
const tables = [
  ['inet', 'incus'],
  ['bridge', 'incus'],
] as const;

/** `fwd.BRIDGE` and the like, and `in.PROJECT_INSTANCE.eth0`; all emptied before any is removed, as they call each other. */
function removeRules(bridges: readonly string[], instances: readonly string[]): void {
  for (const bridge of bridges) run(['nft', 'delete', 'table', 'inet', hostWallTable(bridge)]);
  const ours = (incusChains() ?? []).filter(({ name }) => {
    const middle = name.slice(name.indexOf('.') + 1);
    return bridges.includes(middle) || instances.some((instance) => middle.startsWith(`${instance}.`));
  });
  for (const verb of ['flush', 'delete'])
    for (const { family, table, name } of ours) run(['nft', verb, 'chain', family, table, name]);
  const left = incusChains();
  for (const [family, table] of tables) {
    if (left?.every((chain) => chain.family !== family)) run(['nft', 'delete', 'table', family, table]);
  }
}

/** Null where nft does not say. */
function incusChains() {
  const listed = run(['nft', '-j', 'list', 'chains']);
  if (listed === '') return null;
  return chains.parse(JSON.parse(listed)).nftables.flatMap(({ chain }) => (chain?.table === 'incus' ? [chain] : []));
}

/** What cannot be done needs no doing: the thing is gone. @returns its output, empty where it failed */
function run([program = '', ...args]: readonly string[]): string {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 });
  return status === 0 ? stdout : '';
}
