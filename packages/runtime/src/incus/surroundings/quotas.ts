/**
 * Keeps the sizes of disks enforced where the pool is btrfs. Linux gives up counting what subvolumes hold as soon as a large
 * one is deleted (`drop_subtree_threshold`, 3 on 6.18), now and then also when others are, and with it every limit, until
 * somebody asks for a new count. https://btrfs.readthedocs.io/en/latest/ch-sysfs.html
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type IncusConfig, TidepoolError } from '@tidepool/core';

/** No tree of btrfs is higher: none is too large to be counted. */
const never = '8';

/**
 * Does nothing where the pool is not btrfs, or not mounted where this process sees it. Needs root.
 * @throws `runtime_unavailable`: all works, and the limits may not hold
 */
export async function keepQuotas({ place, pool }: IncusConfig, signal: AbortSignal): Promise<void> {
  if (place.kind !== 'unix') return;
  const mount = `${dirname(place.socket)}/storage-pools/${pool}`;
  const groups = quotaDirectory(readFileSync('/proc/self/mountinfo', 'utf8'), mount);
  if (groups === null || !existsSync(`${groups}/drop_subtree_threshold`)) return;
  if (keepCounting(groups, mount) === 'given up') await recount(mount, signal);
}

/** @returns whether it had been given up before. @throws as `keepQuotas`, such as where `/sys` is read-only */
export function keepCounting(groups: string, mount: string): 'counting' | 'given up' {
  try {
    if (read(groups, 'drop_subtree_threshold') !== never) writeFileSync(`${groups}/drop_subtree_threshold`, never);
    return read(groups, 'inconsistent') === '1' ? 'given up' : 'counting';
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TidepoolError('runtime_unavailable', {
      detail: `The sizes of disks in the pool at ${mount} stop being enforced once a large workspace is deleted: ${why}.`,
      fix: `As root, where /sys can be written: echo ${never} > ${groups}/drop_subtree_threshold. It holds until the pool is mounted anew.`,
      cause,
    });
  }
}

/** `/sys/fs/btrfs/<id>/qgroups` of what is mounted there; null where that is no btrfs. */
function quotaDirectory(mountinfo: string, mount: string): string | null {
  const device = deviceOf(mountinfo, mount);
  if (device === null || !existsSync('/sys/fs/btrfs')) return null;
  const id = readdirSync('/sys/fs/btrfs').find((each) => existsSync(`/sys/fs/btrfs/${each}/devices/${device}`));
  return id === undefined ? null : `/sys/fs/btrfs/${id}/qgroups`;
}

/** The last mount at a place hides the earlier. https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
export function deviceOf(mountinfo: string, mount: string): string | null {
  const lines = mountinfo.split('\n').filter((line) => line.split(' ')[4] === mount);
  const [, type, source] = / - (\S+) (\S+) /.exec(lines.at(-1) ?? '') ?? [];
  return type === 'btrfs' && source?.startsWith('/dev/') ? source.slice('/dev/'.length) : null;
}

/** Asks for it; the kernel counts while everything goes on. */
async function recount(mount: string, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  const child = spawn('btrfs', ['quota', 'rescan', mount], { cwd: '/', stdio: 'ignore', signal: limit });
  try {
    await once(child, 'close');
  } catch (cause) {
    signal.throwIfAborted();
    const detail = `The sizes of disks in the pool at ${mount} are not enforced, and "btrfs quota rescan ${mount}" failed.`;
    const fix = 'Install btrfs-progs, then run that command as root.';
    throw new TidepoolError('runtime_unavailable', { detail, fix, cause });
  }
}

function read(directory: string, file: string): string {
  return readFileSync(`${directory}/${file}`, 'utf8').trim();
}
