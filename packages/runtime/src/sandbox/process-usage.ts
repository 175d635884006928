/**
 * What a tree of processes takes, from `/proc` (proc(5)): where there is no group whose counters could be read. Of
 * processes that ended, only what their parents waited for is known; memory is what each has for itself (`RssAnon` and
 * `RssShmem`): pages of files, which many share, are nobody's.
 */
import { readdirSync } from 'node:fs';
import { readIfThere } from './run-record.ts';

/** `USER_HZ`: 100 on every architecture that Node runs on. */
const ticksPerSecond = 100;

export interface ProcessRow {
  readonly parent: number;
  /** Of itself and of the children it has waited for. */
  readonly cpuSeconds: number;
}

export type ProcessTable = ReadonlyMap<number, ProcessRow>;

/** All processes of the host, by pid. */
export function readProcessTable(): ProcessTable {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.flatMap((pid) => {
      const stat = readIfThere(`/proc/${pid}/stat`);
      return stat === null || stat === '' ? [] : [[Number(pid), parseStat(stat)] as const];
    }),
  );
}

/** Pids of `root` and of all below it; none where it is gone. */
export function treeOf(root: number, table: ProcessTable): number[] {
  if (!table.has(root)) return [];
  const children = new Map<number, number[]>();
  for (const [pid, { parent }] of table) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

export function cpuSecondsOf(pids: readonly number[], table: ProcessTable): number {
  return pids.reduce((sum, pid) => sum + (table.get(pid)?.cpuSeconds ?? 0), 0);
}

export function ownMemoryMiB(pids: readonly number[]): number {
  const kib = pids.reduce((sum, pid) => sum + ownKib(readIfThere(`/proc/${pid}/status`) ?? ''), 0);
  return Math.round(kib / 1024);
}

/** The second field, the program's name in parentheses, may hold anything: fields are counted from its last closing one. */
export function parseStat(stat: string): ProcessRow {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  // Fields 4 and 14 to 17: parent; user and system time of itself, then of its children.
  const [parent = 0, ...times] = [fields[1], ...fields.slice(11, 15)];
  return { parent, cpuSeconds: times.reduce<number>((sum, time) => sum + (time ?? 0), 0) / ticksPerSecond };
}

/** Kernel threads and zombies have no memory, and no such lines. */
export function ownKib(status: string): number {
  return [...status.matchAll(/^Rss(?:Anon|Shmem):\s*(\d+) kB$/gm)].reduce((sum, [, kib]) => sum + Number(kib), 0);
}
