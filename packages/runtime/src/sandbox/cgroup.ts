/**
 * Limits of CPU, memory and processes by cgroup v2, where Tidepool may make groups there: as root, or in a part of the tree that was
 * handed to its user. Groups are `<base>/tidepool-<home>/<instance>`; one base per home, so that homes do not meet.
 */
import { accessSync, constants, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '../file-errors.ts';

const needed = ['cpu', 'memory'];

/**
 * Most processes and threads of an instance, where the tree has the controller `pids`: an editor, its language servers and
 * a build use some hundreds; a fork bomb must not use up the host's.
 */
export const mostTasks = 4096;

/** How long, in ms, a group may take to become empty once its run has ended. */
const emptyLimit = 2_000;

export interface Limits {
  readonly cpus: number;
  readonly memoryMiB: number;
}

export interface CgroupPlace {
  /** The mount of cgroup v2, and what `/proc/self/cgroup` says: given by tests. */
  readonly mount?: string;
  readonly self?: string;
  readonly isRoot?: boolean;
}

/** The directory under which groups may be made; or why there is none, as a sentence. */
export function findCgroupBase(place: CgroupPlace = {}): { base: string } | { reason: string } {
  const { mount = '/sys/fs/cgroup', isRoot = process.getuid?.() === 0 } = place;
  const own = /^0::(\/.*)$/m.exec(place.self ?? readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
  if (own === undefined) return { reason: 'This system has no cgroup v2.' };
  const base = isRoot ? mount : join(mount, dirname(own));
  const controllers = controllersOf(base);
  if (controllers === null) return { reason: `There is no cgroup v2 at ${base}.` };
  const missing = needed.filter((name) => !controllers.includes(name));
  if (missing.length > 0) return { reason: `The cgroup v2 at ${base} has no controller ${missing.join(' and ')}.` };
  if (!writable(join(base, 'cgroup.procs'))) return { reason: `${base} is not this user's to make groups in.` };
  return { base };
}

/** Makes or changes the group; gives the file that takes a process into it. */
export function setLimits(base: string, home: string, id: string, { cpus, memoryMiB }: Limits): string {
  const parent = join(base, home);
  const group = join(parent, id);
  mkdirSync(parent, { recursive: true });
  const limitsTasks = controllersOf(base)?.includes('pids') ?? false;
  const wanted = limitsTasks ? [...needed, 'pids'] : needed;
  for (const directory of [base, parent]) enableControllers(directory, wanted);
  mkdirSync(group, { recursive: true });
  // Microseconds of processor time in each period of 100,000.
  writeFileSync(join(group, 'cpu.max'), `${cpus * 100_000} 100000`);
  writeFileSync(join(group, 'memory.max'), String(memoryMiB * 2 ** 20));
  if (limitsTasks) writeFileSync(join(group, 'pids.max'), String(mostTasks));
  return join(group, 'cgroup.procs');
}

/** What the group took (cgroup-v2.rst): its memory without the pages of files that it has not used lately. Null without counters. */
export function groupUsage(group: string): { readonly cpuSeconds: number; readonly memoryMiB: number } | null {
  const counter = (file: string, name: RegExp) => Number(name.exec(read(join(group, file)) ?? '')?.[1] ?? Number.NaN);
  const microseconds = counter('cpu.stat', /^usage_usec (\d+)$/m);
  const bytes = counter('memory.current', /^(\d+)$/m) - counter('memory.stat', /^inactive_file (\d+)$/m);
  if (Number.isNaN(microseconds) || Number.isNaN(bytes)) return null;
  return { cpuSeconds: microseconds / 1e6, memoryMiB: Math.max(0, Math.round(bytes / 2 ** 20)) };
}

/** Removes the group of a run that has ended; one that is not there is removed. */
export async function removeGroup(base: string, home: string, id: string): Promise<void> {
  for (const end = performance.now() + emptyLimit; ; await sleep(20)) {
    try {
      rmdirSync(join(base, home, id));
      return;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return;
      // Its last process, pasta, may still be on its way out.
      if (!hasCode(error, 'EBUSY') || performance.now() > end) throw error;
    }
  }
}

/** Null where this is no part of a cgroup v2 tree. */
function controllersOf(directory: string): string[] | null {
  return read(join(directory, 'cgroup.controllers'))?.split(/\s+/) ?? null;
}

function enableControllers(directory: string, wanted: readonly string[]): void {
  const file = join(directory, 'cgroup.subtree_control');
  const enabled = (read(file) ?? '').split(/\s+/);
  const missing = wanted.filter((name) => !enabled.includes(name));
  if (missing.length > 0) writeFileSync(file, missing.map((name) => `+${name}`).join(' '));
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    if (hasCode(error, 'EACCES') || hasCode(error, 'ENOENT') || hasCode(error, 'EROFS')) return false;
    throw error;
  }
}
